/** No line of a report is longer, in characters; the rest of it is passed over. */
const longestLine = 128 * 1024;

/** Cuts text that comes in pieces into lines, in flat memory. `end` gives the last one, which no line end follows. */
export function lineReader(line: (text: string) => void): { write: (text: string) => void; end: () => void } {
  let kept = '';
  const keep = (text: string) => {
    if (kept.length < longestLine) kept += text.slice(0, longestLine - kept.length);
  };
  const give = () => {
    const text = kept.endsWith('\r') ? kept.slice(0, -1) : kept;
    kept = '';
    line(text);
  };
  return {
    write(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        keep(text.slice(from, at));
        give();
        from = at + 1;
      }
      if (from < text.length) keep(text.slice(from));
    },
    end() {
      if (kept !== '') give();
    },
  };
}
