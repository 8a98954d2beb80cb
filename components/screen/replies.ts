/**
 * What a terminal answers when a program asks it something: CSI with a private mark or an intermediate (`ESC [ ? 2026 ; 2 $
 * y`), and whole OSC, DCS, APC, PM and SOS strings. No key is written like that.
 */
const reply =
  /\u001b\[(?:[?=>][\d;:]*[ -/]*|[\d;:]*[ -/]+)[@-~]|\u001b[\]P_^X][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)/g;

/**
 * Input without the answers to questions that another program asked before us and did not wait for: letters in them
 * would be taken for keys, and one of them is `y`.
 */
export function withoutReplies(input: string): string {
  return input.includes('\u001b') ? input.replace(reply, '') : input;
}
