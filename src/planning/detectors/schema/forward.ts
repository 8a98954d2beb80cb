const downFile =
  /(?:[._-](?:down|undo|rollback|revert)\.[a-z]+|(?:^|\/)(?:down|rollback|revert)\.sql|(?:^|\/)U\d[^/]*__[^/]*|(?:^|\/)(?:down|rollbacks?|reverts?)\/[^/]+\.sql)$/iu;

/** Whether a migration's file is the way back of another: it may drop what that one made. */
export function isWayBack(path: string): boolean {
  return downFile.test(path);
}

/** A comment that parts a script of SQL: goose, dbmate, golang-migrate, sql-migrate, MyBatis, Liquibase. */
const marker =
  /^\s*(?:--|#|\/\/)\s*(?:\+goose\s+|\+migrate\s+|migrate:|@|\+micrate\s+|!)?(up|down|undo|rollback)\b/iu;

/** A script of SQL without its way back. */
export function sqlForward(text: string): string {
  let down = false;
  return text
    .split('\n')
    .filter((line) => {
      const turn = marker.exec(line);
      // Liquibase writes its way back in the comment itself.
      const inside = /^\s*--\s*rollback\s+\S/iu.test(line);
      if (turn && !inside) down = turn[1]?.toLowerCase() !== 'up';
      return !down;
    })
    .join('\n');
}

const begins =
  /\b(?:exports\.down|async\s+down|function\s+down|(?:const|let)\s+down|def\s+(?:self\.)?down(?:grade)?|void\s+Down|fun\s+down|dir\.down|change\.down)\b|^\s*(?:public\s+|protected\s+override\s+)?(?:async\s+)?down\s*[:(=]|\bdownQueries\b|\bfunc\s+(?:\(\w{0,50}\s?\*?\w{0,50}\)\s+)?[dD]own\w{0,200}\s*\(/u;
const ups = /\b(?:exports\.up|async\s+up|function\s+up|(?:const|let)\s+up)\b/u;

/**
 * A migration written in a program, its way back blanked out; lines keep their numbers. The way back ends with the first
 * line that stands no deeper than the line it began on: code is indented, whatever the language's brackets are.
 */
export function codeForward(text: string): string {
  let depth = -1;
  return text
    .split('\n')
    .map((line) => {
      const indent = line.length - line.trimStart().length;
      const ends =
        depth >= 0 && line.trim() !== '' && indent <= depth && !/^\s*(?:[{}()[\];]|end\b)/u.test(line);
      if (ends) depth = -1;
      if (depth >= 0) return '';
      const begin = begins.exec(line.slice(0, 2000));
      if (!begin) return line;
      const up = ups.exec(line.slice(begin.index, begin.index + 2000));
      if (up) return line.slice(0, begin.index) + line.slice(begin.index + up.index);
      depth = indent;
      return line.slice(0, begin.index);
    })
    .join('\n');
}
