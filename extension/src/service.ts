/** The grader service as the browser reaches it: through the student's own Jupyter server. */
import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';

import type { NewSubmission, Snapshot } from './contract';
import { IGraderService, ISocket } from './port';
import { request } from './request';

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
    return request<T>(this._settings, path, { method, body });
  }
}
