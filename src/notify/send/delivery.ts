import type { PostResult } from '../../alerting/push/post.ts';
import type { Notification } from '../notification.ts';

/** How one attempt to deliver ended. */
export interface Delivery extends PostResult {
  /** The receiver works, and does not accept this content: to try again is of little use. */
  readonly isContentRefused?: true;
}

/** Delivers one notification. Resolves within the timeout of the receiver. */
export type Deliver = (notification: Notification) => Promise<Delivery>;
