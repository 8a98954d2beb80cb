const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in a page. */
export function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}
