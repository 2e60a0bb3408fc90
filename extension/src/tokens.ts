/** What one plugin gives another. */
import { Token } from '@lumino/coreutils';

import type { Submissions } from './submissions';

export type ISubmissions = Submissions;

export const ISubmissions = new Token<ISubmissions>(
  'nbjudge:ISubmissions',
  'Submitting to the grader service and following what becomes of it.'
);
