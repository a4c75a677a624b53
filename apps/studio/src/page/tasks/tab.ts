import type { StudioModel } from '../../models.js';

/** What every tab gets. */
export interface TabProps {
  readonly model: StudioModel;
  /** What a link fills in. */
  readonly fields: Readonly<Record<string, string>>;
  /** The last file that was dropped for this tab. */
  readonly file: File | undefined;
}
