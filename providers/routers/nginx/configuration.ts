import { isIP } from 'node:net';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import { addressOf, isArmed, type Side, type Table } from './table.ts';
import { draw } from './tickets.ts';

export const files = {
  configuration: 'nginx.conf',
  pid: 'nginx.pid',
  access: 'access.log',
  errors: 'error.log',
  /** A lane gets new requests only while its file is here: taking it away works at once, for old workers too. */
  live: 'live',
  /** The moments up to which somebody was heard of: the dead man's switch. */
  beats: 'beats',
  /** The stretches of time in which requests are written down. */
  watched: 'watched',
  /** While it is there, users' connections are not kept: before a reload. */
  closing: 'closing',
} as const;

export interface Listening {
  host: string;
  port: number;
  /** The control socket, relative to the folder. */
  socket: string;
  workers: number;
  /** Name of the user whose workers these are, where nginx starts as root. */
  user?: string;
  /** Whether moments of the dead man's switch are tenths of a second, not seconds. */
  tenths: boolean;
}

/**
 * nginx's configuration for a table. Nothing in it comes from outside but checked addresses. How a request is decided:
 * - it draws a ticket (`tickets.ts`); what is left of the share below a hundredth is drawn by the request's id;
 * - where an unfinished rollout has not been heard of, stable gets it, and the candidate only where stable refuses: the dead
 *   man's switch, which needs no process that could die itself;
 * - a version whose file in `live/` is gone gets nothing, so that a rollback is in force before the reload, also for workers
 *   that still have the configuration of before;
 * - a request that its version refuses, or closes without a word, goes to another copy, then to stable; not where repeating
 *   it could do something twice (nginx leaves POST, LOCK and PATCH alone once sent).
 *
 * Throws code `bad-listen` (78) for a host that is neither a name nor an address.
 */
export function configuration(listening: Listening, table: Table): string {
  const { stable, candidate } = table;
  const routed = [stable, candidate].filter((side) => side !== null);
  const versions = routed.map((side) => `${side.lane}=${side.addresses.map(addressOf).join(',')}`).join(';');
  const user = listening.user === undefined ? '' : `user ${listening.user};\n`;
  // Without a candidate nobody counts failures, and a long outage must not fill the disk.
  const level = candidate ? 'error' : 'crit';
  return `# Written by Orchestra at each change; changes here are lost.
${user}daemon off;
worker_processes ${listening.workers};
worker_shutdown_timeout 1h;
pid ${files.pid};
error_log ${files.errors} ${level};
events {
  worker_connections 4096;
}
http {
  server_tokens off;
  default_type text/plain;
  charset utf-8;
  charset_types text/plain;
  keepalive_timeout 65s;
  keepalive_requests 1000000;
  client_header_timeout 30s;
  client_body_timeout 60s;
  client_max_body_size 0;
  client_header_buffer_size 4k;
  large_client_header_buffers 8 32k;
  underscores_in_headers on;
  merge_slashes off;
  tcp_nodelay on;
  client_body_temp_path temp/body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  map_hash_max_size 32768;
  map_hash_bucket_size 128;
  variables_hash_max_size 2048;

  # Nothing that a user sends stands in it.
  log_format numbers '${versions}\\t$connection\\t$status\\t$request_time\\t$request_completion\\t$upstream_addr\\t$upstream_status\\t$upstream_header_time\\t$upstream_response_time';

  map "00$connection:00$connection_requests" $place {
    "~(?<of_connection>\\d\\d):\\d*(?<of_request>\\d\\d)$" "$of_connection$of_request";
  }
  map $msec $moment {
    "~^(?<the_moment>\\d+${listening.tenths ? '\\.\\d' : ''})" $the_moment;
  }
  map $msec $stretch {
    "~^(?<the_stretch>\\d+)\\d\\d\\." $the_stretch;
  }
  map $http_upgrade $other_protocol {
    default "";
    "~*^websocket$" websocket;
  }
  map $http_upgrade $connection_header {
    default "";
    "~*^websocket$" upgrade;
  }
  map $http_x_forwarded_proto $forwarded_proto {
    default $http_x_forwarded_proto;
    "" http;
  }
  map $http_x_forwarded_host $forwarded_host {
    default $http_x_forwarded_host;
    "" $http_host;
  }
  map $version $other_version {
    default none;
${routed.length === 2 ? `    ${stable?.lane} ${candidate?.lane};\n    ${candidate?.lane} ${stable?.lane};\n` : ''}  }
${drawing(table)}
${upstreams(table)}
  server {
    listen unix:${listening.socket};
    access_log off;
    location = /number { return 200 "${table.number} ${listening.host} ${listening.port}"; }
    location = /status { stub_status; }
  }

  server {
    listen ${bindAddress(listening.host, listening.port)};
    set $watched 0;
    set $version none;
    access_log ${files.access} numbers if=$watched;

    proxy_http_version 1.1;
    proxy_request_buffering off;
    proxy_buffering off;
    proxy_redirect off;
    proxy_connect_timeout 5s;
    proxy_send_timeout 60s;
    proxy_read_timeout 60s;
    proxy_next_upstream error;
    proxy_next_upstream_tries 3;
    proxy_buffer_size 64k;
    proxy_buffers 8 64k;
    proxy_busy_buffers_size 128k;
    proxy_pass_header Server;
    proxy_pass_header Date;
    # A version may not give orders to the router.
    proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset Expires Cache-Control Set-Cookie Vary;
    proxy_set_header Host $http_host;
    proxy_set_header Connection $connection_header;
    proxy_set_header Upgrade $other_protocol;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $forwarded_proto;
    proxy_set_header X-Forwarded-Host $forwarded_host;

    error_page 418 = @closing;
    error_page 421 = @tunnel;
    error_page 502 @unanswered;
    error_page 504 @late;

    location / {
      set $version $drawn;
      if (-f ${files.watched}/$stretch) { set $watched 1; }
${isArmed(table) ? `      if (!-f ${files.beats}/$moment) { set $version taken_back; }\n` : ''}      if (!-f ${files.live}/$version) { set $version $other_version; }
      if (!-f ${files.live}/$version) { return 503; }
      if ($other_protocol) { return 421; }
      if (-f ${files.closing}) { return 418; }
      proxy_pass http://$version;
    }
    error_page 503 @nobody;
    location @closing {
      keepalive_timeout 0;
      proxy_pass http://$version;
    }
    location @tunnel {
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
      proxy_pass http://$version;
    }
    location @nobody {
      add_header Retry-After 1 always;
      add_header Cache-Control no-store always;
      return 503 "No version is serving yet.\\n";
    }
    location @unanswered {
      add_header Cache-Control no-store always;
      return 502 "The version that serves did not answer.\\n";
    }
    location @late {
      add_header Cache-Control no-store always;
      return 504 "The version that serves did not answer in time.\\n";
    }
  }
}
`;
}

/** What gives each request its version: `$drawn`. */
function drawing({ stable, candidate, weight }: Table): string {
  const other = stable?.lane ?? 'none';
  if (!candidate || weight <= 0 || weight >= 100) {
    return `  map "" $drawn { default ${candidate && weight >= 100 ? candidate.lane : other}; }\n`;
  }
  const { winners, edge, edgePercent } = draw(weight);
  const lines = (keys: string[], value: string) => keys.map((key) => `    ${key} ${value};\n`).join('');
  return `  split_clients $request_id $at_the_edge {
${edgePercent > 0 ? `    ${edgePercent}% ${candidate.lane};\n` : ''}    * ${other};
  }
  map $place $drawn {
    default ${other};
${lines(winners, candidate.lane)}${lines(edge, '$at_the_edge')}  }
`;
}

function upstreams(table: Table): string {
  const { stable, candidate } = table;
  const servers = (side: Side | null, more = '') =>
    (side?.addresses ?? [])
      .map((address) => `    server ${addressOf(address)} max_fails=0${more};\n`)
      .join('');
  // An idle connection is closed before the version closes it, so that no request meets one that is just being closed.
  const group = (name: string, lines: string) =>
    lines === '' ? '' : `  upstream ${name} {\n${lines}    keepalive 256;\n    keepalive_timeout 1s;\n  }\n`;
  return [
    stable ? group(stable.lane, servers(stable)) : '',
    candidate && candidate.lane !== stable?.lane
      ? group(candidate.lane, servers(candidate) + servers(stable, ' backup'))
      : '',
    stable && candidate ? group('taken_back', servers(stable) + servers(candidate, ' backup')) : '',
  ].join('');
}

function bindAddress(host: string, port: number): string {
  if (isIP(host) !== 0) return addressOf({ host, port });
  if (/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(host)) return `${host}:${port}`;
  throw new OrchestraError('bad-listen', `"${host}" is neither an address nor the name of a host`, {
    hint: 'Correct `host` of the environment in orchestra.yaml.',
    exit: exitCode.config,
  });
}
