/** An error with the status that the client gets. */
export class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const maxBody = 64 * 1024;

/** The JSON body of a request; `{}` when there is none. */
export async function readJson(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > maxBody) throw new HttpError(413, 'the body is too large');
  }
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}

/** Sends `{status, body}` as JSON, `{status, html}` as a page, `{status, text, type}` as it is. */
export function send(response, { status, body, html, text, type, headers = {} }) {
  const content = html ?? text ?? JSON.stringify(body ?? {});
  const contentType = html ? 'text/html; charset=utf-8' : (type ?? 'application/json; charset=utf-8');
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(content),
    ...headers,
  });
  response.end(content);
}

/** What the client sees of an error; unexpected ones are logged with the request. */
export function failureOf(error, request) {
  if (error instanceof HttpError) return { status: error.status, body: { error: error.message } };
  console.error(`${request.method} ${request.url} failed:`, error);
  return { status: 500, body: { error: 'something went wrong' } };
}
