/** What commands and messages of a report say in place of the workspace's folder: a path may name a patient, and a report is passed on. */
export const workspacePlaceholder = 'WORKSPACE';
