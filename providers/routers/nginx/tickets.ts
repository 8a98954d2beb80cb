const tickets = 100;

/**
 * The candidate's tickets, 0 … 99, of which each request draws one from the last two digits of its connection's number and of
 * its own number on that connection (both of nginx's counting), weighted by constants near the golden ratio of 100 and prime
 * to it. So a share is exact to a request or so on each connection, new connections spread evenly as well, and a pattern in
 * the traffic (every twentieth request a checkout) does not line up with it.
 */
function ticketOf(connection: number, request: number): number {
  return (connection * 73 + request * 61) % tickets;
}

export interface Drawing {
  /** Keys of four digits (connection, request) for which the candidate wins. */
  winners: string[];
  /** Keys of the one ticket that wins only for a part of its requests. */
  edge: string[];
  /** The candidate's part of the edge, percent with two decimals; 0 when there is no edge. */
  edgePercent: number;
}

/** Which of all keys the candidate gets at `weight` percent, above 0 and below 100; exact to a hundredth of a ticket. */
export function draw(weight: number): Drawing {
  const hundredths = Math.min(9_999, Math.max(1, Math.round(weight * 100)));
  const whole = Math.floor(hundredths / 100);
  const edgePercent = hundredths % 100;
  const drawing: Drawing = { winners: [], edge: [], edgePercent };
  for (let connection = 0; connection < tickets; connection++) {
    for (let request = 0; request < tickets; request++) {
      const ticket = ticketOf(connection, request);
      if (ticket > whole || (ticket === whole && edgePercent === 0)) continue;
      const key = `${two(connection)}${two(request)}`;
      (ticket < whole ? drawing.winners : drawing.edge).push(key);
    }
  }
  return drawing;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
