/** The grader service as the browser reaches it: through the student's own Jupyter server. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { NewSubmission, Refusal, Snapshot } from './contract';
import { IGraderService, ISocket, Refused, Unavailable } from './port';

const TIMEOUT_MILLISECONDS = 30_000;

export class JupyterGraderService implements IGraderService {
  constructor(private readonly _settings: ServerConnection.ISettings) {}

  /** Tells one Jupyter server from another. */
  get place(): string {
    return this._settings.baseUrl;
  }

  async post(submission: NewSubmission): Promise<Snapshot> {
    return this._request('submissions', 'POST', submission);
  }

  async get(id: string): Promise<Snapshot> {
    return this._request(`submissions/${id}`, 'GET');
  }

  async cancel(id: string): Promise<Snapshot> {
    return this._request(`submissions/${id}`, 'DELETE');
  }

  async revision(): Promise<number> {
    const { revision } = await this._request<{ revision: number }>('submissions?limit=1', 'GET');
    return revision;
  }

  open(revision: number): ISocket {
    const { wsUrl, token, appendToken, WebSocket } = this._settings;
    const query = new URLSearchParams({ revision: String(revision) });
    if (appendToken && token) {
      query.set('token', token);
    }
    return new WebSocket(`${URLExt.join(wsUrl, 'nbjudge', 'api', 'live')}?${query}`);
  }

  private async _request<T>(path: string, method: string, body?: object): Promise<T> {
    const url = URLExt.join(this._settings.baseUrl, 'nbjudge', 'api') + `/${path}`;
    const request: RequestInit = { method, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) };
    if (body) {
      request.body = JSON.stringify(body);
      request.headers = { 'Content-Type': 'application/json' };
    }
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, request, this._settings);
    } catch (error) {
      throw new Unavailable(String(error));
    }
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok && answer !== null) {
      return answer as T;
    }
    throw failure(response, answer);
  }
}

/** A 4xx is the service's last word on a request; anything else may be better in a while. */
function failure(response: Response, answer: unknown): Error {
  const said = (answer ?? {}) as Partial<Refusal>;
  const final = response.status >= 400 && response.status < 500 && response.status !== 408;
  if (!final) {
    return new Unavailable(said.message ?? `${response.status} ${response.statusText}`);
  }
  return new Refused({
    reason: said.reason ?? `http_${response.status}`,
    message: said.message ?? `${response.status} ${response.statusText}`,
    retry_after_seconds: said.retry_after_seconds ?? null
  });
}
