/**
 * What becomes of an attribute when a file is de-identified, by keyword (by tag where the standard has retired it).
 *
 * Source: DICOM PS3.15 annex E, Table E.1-1, Basic Application Level Confidentiality Profile, the attributes that occur in MR, CT and RT
 * Structure Set. X: removed; Z: emptied; D: replaced by a dummy; K: kept. Where the table leaves a choice (X/Z, Z/D …) the one is taken that
 * keeps MR, CT and RTSTRUCT valid. Not listed, since they go by their VR: unique identifiers (U), dates and times, names of persons (Z).
 * Private attributes, curves and overlays are removed whole. ROI Name stays: a structure set is worthless without; it is emptied, as every
 * text is, where it holds the patient's name or id. Position Reference Indicator, which the table does not have, is emptied: people type
 * descriptions there.
 */
import { dicomTag } from './dicomTag.ts';

export type DeidentifyAction = 'X' | 'Z' | 'D' | 'K';

const byKeyword: Readonly<Record<DeidentifyAction, string>> = {
  X: `AcquisitionDeviceProcessingDescription AcquisitionProtocolDescription ActualHumanPerformersSequence AdditionalPatientHistory
    AdmissionID AdmittingDiagnosesCodeSequence AdmittingDiagnosesDescription AffectedSOPInstanceUID Allergies AuthorObserverSequence
    BranchOfService CassetteID ClinicalTrialSponsorName ClinicalTrialProtocolID ClinicalTrialProtocolName ClinicalTrialSiteID
    ClinicalTrialSiteName ClinicalTrialSubjectID ClinicalTrialSubjectReadingID ClinicalTrialTimePointID ClinicalTrialTimePointDescription
    ClinicalTrialCoordinatingCenterName ClinicalTrialSeriesID ClinicalTrialSeriesDescription CommentsOnThePerformedProcedureStep
    CommentsOnRadiationDose ConfidentialityConstraintOnPatientDataDescription ContentCreatorIdentificationCodeSequence
    ContributionDescription CountryOfResidence CurrentPatientLocation CustodialOrganizationSequence DataSetTrailingPadding
    DerivationDescription DocumentTitle EncapsulatedDocument DetectorID DeviceDescription DeviceSerialNumber DigitalSignaturesSequence EncryptedAttributesSequence
    EthnicGroup FillerOrderNumberImagingServiceRequest FrameComments GantryID GeneratorID GraphicAnnotationSequence IconImageSequence
    ImageComments ImagingServiceRequestComments InstanceCreatorUID InstitutionAddress InstitutionCodeSequence InstitutionName
    InstitutionalDepartmentName IssuerOfPatientID LastMenstrualDate MACParametersSequence ManufacturerDeviceIdentifier MedicalAlerts
    MedicalRecordLocator MilitaryRank ModifiedAttributesSequence NamesOfIntendedRecipientsOfResults Occupation
    OperatorIdentificationSequence OrderCallbackPhoneNumber OrderEntererLocation OriginalAttributesSequence OtherPatientIDs
    OtherPatientIDsSequence OtherPatientNames PatientAddress PatientAge PatientBirthName PatientBirthTime PatientComments
    PatientInstitutionResidence PatientInsurancePlanCodeSequence PatientMotherBirthName PatientPrimaryLanguageCodeSequence
    PatientReligiousPreference PatientSexNeutered PatientSize PatientState PatientTelecomInformation PatientTelephoneNumbers PatientWeight
    PerformedLocation PerformedProcedureStepDescription PerformedProcedureStepID PerformedStationAETitle PerformedStationName
    PerformingPhysicianIdentificationSequence PersonAddress PersonTelephoneNumbers PhysiciansOfRecordIdentificationSequence
    PhysiciansReadingStudyIdentificationSequence ConsultingPhysicianIdentificationSequence PlacerOrderNumberImagingServiceRequest PlateID
    PreMedication PregnancyStatus ProtocolName ReasonForTheRequestedProcedure ReferencedDigitalSignatureSequence
    ReferencedPatientPhotoSequence ReferencedPatientSequence ReferencedPerformedProcedureStepSequence ReferringPhysicianAddress
    ReferringPhysicianIdentificationSequence ReferringPhysicianTelephoneNumbers RegionOfResidence RequestAttributesSequence
    RequestedContrastAgent RequestedProcedureComments RequestedProcedureDescription RequestedProcedureID RequestedProcedureLocation
    RequestingService ResponsibleOrganization ScheduledPerformingPhysicianName ScheduledProcedureStepDescription ScheduledProcedureStepID
    ScheduledStationName SeriesDescription ServiceEpisodeDescription ServiceEpisodeID SmokingStatus SourceApplicationEntityTitle
    SpecialNeeds StationName StructureSetDescription StructureSetName ROIDescription ROIGenerationDescription ROIObservationDescription
    ROIObservationLabel StudyDescription TextString TimezoneOffsetFromUTC UDISequence UniqueDeviceIdentifier VerifyingOrganization
    VisitComments XRaySourceID`,
  Z: 'AccessionNumber ContrastBolusAgent PatientBirthDate PatientSex PositionReferenceIndicator ReferringPhysicianName StudyID ROIInterpreter',
  D: 'StructureSetLabel',
  K: `SpecificCharacterSet CodingSchemeUID ContextUID ContextGroupExtensionCreatorUID MappingResourceUID`,
};

/** Retired attributes, which the dictionary no longer names: comments, issuers, reasons. */
const retired = [
  0x00084000, 0x00101050, 0x00184000, 0x00284000, 0x00320012, 0x00321030, 0x00324000, 0x00380011, 0x00380040,
  0x00380061, 0x40000010, 0x40004000, 0x4008010b, 0x40084000,
];

const actions: ReadonlyMap<number, DeidentifyAction> = new Map([
  ...retired.map((tag): [number, DeidentifyAction] => [tag, 'X']),
  ...Object.entries(byKeyword).flatMap(([action, keywords]) =>
    keywords
      .split(/\s+/)
      .map((keyword): [number, DeidentifyAction] => [tagNumber(keyword), action as DeidentifyAction]),
  ),
]);

/** The number of a tag by its keyword: `group << 16 | element`. Throws a RangeError for what is no keyword. */
export function tagNumber(keyword: string): number {
  return Number.parseInt(dicomTag(keyword).replace(/[(),]/g, ''), 16);
}

/** X for what is private, a curve or an overlay; undefined where the attribute's VR decides. */
export function deidentifyActionOf(tag: number): DeidentifyAction | undefined {
  const group = tag >>> 16;
  const isGraphic = (group & 0xff00) === 0x5000 || (group & 0xff00) === 0x6000;
  return group % 2 === 1 || isGraphic || group === 0xfffc || group === 0xfffa ? 'X' : actions.get(tag);
}
