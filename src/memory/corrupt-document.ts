/** A file whose text is not the document it should be; it is for its reader to move it aside. */
export class CorruptDocument extends Error {
  override readonly name = 'CorruptDocument';
  /** Its JSON, where it is any. */
  readonly data: unknown;
  /** Its text, where that is no JSON. */
  readonly text: string | undefined;

  constructor(message: string, data?: unknown, text?: string) {
    super(message);
    this.data = data;
    this.text = text;
  }
}
