/** One request to the student's own Jupyter server, below `nbjudge/api`. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { Refusal } from './contract';
import { Busy, Refused, Unavailable } from './port';

const TIMEOUT_MILLISECONDS = 30_000;

export interface IOptions {
  readonly method: string;
  readonly body?: object;
  /** Gives it up; without one it is given up after half a minute. */
  readonly signal?: AbortSignal;
}

/** Return the answer. Throw Refused, Busy or Unavailable. */
export async function request<T>(
  settings: ServerConnection.ISettings,
  path: string,
  { method, body, signal }: IOptions
): Promise<T> {
  const url = URLExt.join(settings.baseUrl, 'nbjudge', 'api') + `/${path}`;
  const init: RequestInit = { method, signal: signal ?? AbortSignal.timeout(TIMEOUT_MILLISECONDS) };
  if (body) {
    init.body = JSON.stringify(body);
    init.headers = { 'Content-Type': 'application/json' };
  }
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
  } catch (error) {
    throw new Unavailable(String(error));
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && answer !== null) {
    return answer as T;
  }
  throw failure(response, answer);
}

/** A 4xx is the service's last word on a request, but for 429; all else may be better in a while. */
function failure(response: Response, answer: unknown): Error {
  const said = (answer ?? {}) as Partial<Refusal>;
  const final = response.status >= 400 && response.status < 500 && response.status !== 408;
  if (!final) {
    return new Unavailable(said.message ?? `${response.status} ${response.statusText}`);
  }
  const refusal: Refusal = {
    reason: said.reason ?? `http_${response.status}`,
    message: said.message ?? `${response.status} ${response.statusText}`,
    retry_after_seconds: said.retry_after_seconds ?? null
  };
  return response.status === 429 && refusal.retry_after_seconds !== null
    ? new Busy(refusal, refusal.retry_after_seconds)
    : new Refused(refusal);
}
