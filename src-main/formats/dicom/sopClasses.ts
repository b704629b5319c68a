/** SOP classes written here (DICOM PS3.4 annex B.5). */
export const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
export const mrImageStorage = '1.2.840.10008.5.1.4.1.1.4';
export const rtStructureSetStorage = '1.2.840.10008.5.1.4.1.1.481.3';
