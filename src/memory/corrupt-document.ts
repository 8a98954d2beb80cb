/** A file whose text is not the document it should be; it is for its reader to move it aside. */
export class CorruptDocument extends Error {
  override readonly name = 'CorruptDocument';
}
