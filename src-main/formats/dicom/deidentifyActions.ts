/**
 * What becomes of an attribute when a file is de-identified, by keyword.
 *
 * Source: DICOM PS3.15 edition 2024b, annex E, Table E.1-1, Basic Application Level Confidentiality Profile, all of it. X: removed; Z: emptied;
 * D: replaced by a dummy; C: kept as far as it is known to tell nobody (Clean Descriptors Option). Where the table leaves a choice (X/Z, Z/D …)
 * the one is taken that keeps MR, CT and RTSTRUCT valid. Sequences and bytes for which it asks a dummy are removed: none of the three needs
 * them. Not listed, since they go by their VR: unique identifiers (U), names of persons (Z), and, where dates are kept shifted, dates and
 * times. Private attributes, curves and overlays are removed whole, and so is what the standard's dictionary does not know.
 */
import { dicomTag } from './dicomTag.ts';
import { vrOf } from './vrOf.ts';

export type DeidentifyAction = 'X' | 'Z' | 'D' | 'C';
/** Dates have nothing that could be cleaned. */
type RemovedDateAction = Exclude<DeidentifyAction, 'C'>;

/** RETIRED_ is how the dictionary marks what the standard has retired. */
const byKeyword: Readonly<Record<DeidentifyAction, string>> = {
  X: `AffectedSOPInstanceUID RetrieveAETitle StationAETitle InstitutionName InstitutionAddress InstitutionCodeSequence
    ReferringPhysicianAddress ReferringPhysicianTelephoneNumbers ReferringPhysicianIdentificationSequence
    ConsultingPhysicianIdentificationSequence TimezoneOffsetFromUTC RETIRED_NetworkID StationName StudyDescription SeriesDescription
    InstitutionalDepartmentName InstitutionalDepartmentTypeCodeSequence PhysiciansOfRecord PhysiciansOfRecordIdentificationSequence
    PerformingPhysicianName PerformingPhysicianIdentificationSequence NameOfPhysiciansReadingStudy
    PhysiciansReadingStudyIdentificationSequence OperatorIdentificationSequence AdmittingDiagnosesDescription
    AdmittingDiagnosesCodeSequence PyramidDescription ReferencedStudySequence ReferencedPerformedProcedureStepSequence
    ReferencedPatientSequence DerivationDescription RETIRED_IdentifyingComments IssuerOfPatientID PatientBirthTime
    PatientInsurancePlanCodeSequence PatientPrimaryLanguageCodeSequence PatientPrimaryLanguageModifierCodeSequence OtherPatientIDs
    OtherPatientNames OtherPatientIDsSequence PatientBirthName PatientAge PatientSize PatientWeight PatientAddress
    RETIRED_InsurancePlanIdentification PatientMotherBirthName MilitaryRank BranchOfService MedicalRecordLocator
    ReferencedPatientPhotoSequence MedicalAlerts Allergies CountryOfResidence RegionOfResidence PatientTelephoneNumbers
    PatientTelecomInformation EthnicGroup Occupation SmokingStatus AdditionalPatientHistory PregnancyStatus LastMenstrualDate
    PatientReligiousPreference PatientSexNeutered ResponsiblePerson ResponsibleOrganization PatientComments
    IssuerOfClinicalTrialProtocolID OtherClinicalTrialProtocolIDsSequence IssuerOfClinicalTrialSiteID IssuerOfClinicalTrialSubjectID
    IssuerOfClinicalTrialSubjectReadingID ClinicalTrialTimePointDescription IssuerOfClinicalTrialTimePointID ClinicalTrialSeriesID
    ClinicalTrialSeriesDescription IssuerOfClinicalTrialSeriesID ClinicalTrialProtocolEthicsCommitteeApprovalNumber MakerNote
    DeviceSettingDescription CameraOwnerName LensSpecification LensMake LensModel LensSerialNumber GPSVersionID GPSLatitudeRef
    GPSLatitude GPSLongitudeRef GPSLongitude GPSAltitudeRef GPSAltitude GPSSatellites GPSStatus GPSMeasureMode GPSDOP GPSSpeedRef
    GPSSpeed GPSTrackRef GPSTrack GPSImgDirectionRef GPSImgDirection GPSMapDatum GPSDestLatitudeRef GPSDestLatitude GPSDestLongitudeRef
    GPSDestLongitude GPSDestBearingRef GPSDestBearing GPSDestDistanceRef GPSDestDistance GPSProcessingMethod GPSAreaInformation
    GPSDifferential PlateID GeneratorID CassetteID GantryID UniqueDeviceIdentifier UDISequence ProtocolName
    AcquisitionDeviceProcessingDescription RETIRED_AcquisitionComments TransducerIdentificationSequence DetectorID
    RespiratoryMotionCompensationTechniqueDescription XRayDetectorLabel MultienergyAcquisitionDescription DecompositionDescription
    AcquisitionProtocolDescription RequestedSeriesDescription ContributionDescription PyramidLabel RETIRED_ModifyingDeviceID
    RETIRED_ModifiedImageDescription ImageComments FrameComments RETIRED_ImagePresentationComments RETIRED_StudyIDIssuer
    RETIRED_ScheduledStudyLocation RETIRED_ScheduledStudyLocationAETitle RETIRED_ReasonForStudy RequestingPhysician RequestingService
    RequestedProcedureDescription ReasonForVisit ReasonForVisitCodeSequence RequestedContrastAgent RETIRED_StudyComments
    FlowIdentifierSequence FlowIdentifier SourceIdentifier FrameOriginTimestamp ReferencedPatientAliasSequence AdmissionID
    RETIRED_IssuerOfAdmissionID IssuerOfAdmissionIDSequence RETIRED_ScheduledPatientInstitutionResidence
    RETIRED_DischargeDiagnosisDescription SpecialNeeds ServiceEpisodeID RETIRED_IssuerOfServiceEpisodeID ServiceEpisodeDescription
    IssuerOfServiceEpisodeIDSequence CurrentPatientLocation PatientInstitutionResidence PatientState VisitComments
    WaveformFilterDescription FilterLookupTableDescription ScheduledStationAETitle ScheduledPerformingPhysicianName
    ScheduledProcedureStepDescription ScheduledProcedureStepID ScheduledPerformingPhysicianIdentificationSequence ScheduledStationName
    ScheduledProcedureStepLocation PreMedication PerformedStationAETitle PerformedStationName PerformedLocation PerformedProcedureStepID
    PerformedProcedureStepDescription RequestAttributesSequence CommentsOnThePerformedProcedureStep CommentsOnRadiationDose
    RETIRED_SpecimenAccessionNumber ContainerDescription SpecimenShortDescription SpecimenDetailedDescription RETIRED_SlideIdentifier
    RequestedProcedureID ReasonForTheRequestedProcedure PatientTransportArrangements RequestedProcedureLocation
    ReasonForRequestedProcedureCodeSequence NamesOfIntendedRecipientsOfResults IntendedRecipientsOfResultsIdentificationSequence
    PersonIdentificationCodeSequence PersonAddress PersonTelephoneNumbers PersonTelecomInformation RequestedProcedureComments
    RETIRED_ReasonForTheImagingServiceRequest OrderEnteredBy OrderEntererLocation OrderCallbackPhoneNumber
    OrderCallbackTelecomInformation ImagingServiceRequestComments ConfidentialityConstraintOnPatientDataDescription
    ScheduledStationNameCodeSequence ScheduledStationGeographicLocationCodeSequence PerformedStationNameCodeSequence
    PerformedStationGeographicLocationCodeSequence ScheduledHumanPerformersSequence ActualHumanPerformersSequence
    HumanPerformerOrganization HumanPerformerName VerifyingObserverSequence AuthorObserverSequence ParticipantSequence
    CustodialOrganizationSequence RETIRED_CurrentObserverTrial RETIRED_VerbalSourceTrial RETIRED_AddressTrial
    RETIRED_TelephoneNumberTrial RETIRED_VerbalSourceIdentifierCodeSequenceTrial ContentSequence EncapsulatedDocument
    ContainerComponentID DeviceDescription LongDeviceDescription AnnotationGroupDescription GraphicAnnotationSequence
    ContentCreatorIdentificationCodeSequence SelectorASValue SelectorOBValue SelectorUNValue ReceivingAE RequestingAE IconImageSequence
    RETIRED_TopicTitle RETIRED_TopicSubject RETIRED_TopicAuthor RETIRED_TopicKeywords CertificateOfSigner CertifiedTimestamp
    ReferencedDigitalSignatureSequence ReferencedSOPInstanceMACSequence MAC ModifiedAttributesSequence
    NonconformingModifiedAttributesSequence NonconformingDataElementValue OriginalAttributesSequence InstanceOriginStatus TextString
    Originator PositionAcquisitionTemplateName PositionAcquisitionTemplateDescription StructureSetName StructureSetDescription
    ROIDescription ROIGenerationDescription ROICreatorSequence ROIInterpreterSequence ROIObservationLabel ROIObservationDescription
    SourceSerialNumber RTPlanName RTPlanDescription TreatmentSites PrescriptionDescription DoseReferenceDescription
    FractionGroupDescription TreatmentMachineName BeamDescription BolusDescription FixationDeviceDescription ShieldingDeviceDescription
    SetupTechniqueDescription SourceManufacturer CompensatorDescription EquipmentFrameOfReferenceDescription
    PatientTreatmentPreparationProcedureParameterDescription PatientTreatmentPreparationMethodDescription PatientSetupPhotoDescription
    DisplacementReferenceLabel ReasonForOmissionDescription ReviewerName EntityName EntityDescription RTTreatmentApproachLabel
    PriorTreatmentDoseDescription TreatmentSite RETIRED_Arbitrary RETIRED_TextComments RETIRED_ResultsID RETIRED_ResultsIDIssuer
    RETIRED_InterpretationRecorder RETIRED_InterpretationTranscriber RETIRED_InterpretationText RETIRED_InterpretationAuthor
    RETIRED_InterpretationApproverSequence RETIRED_PhysicianApprovingInterpretation RETIRED_InterpretationDiagnosisDescription
    RETIRED_ResultsDistributionListSequence RETIRED_DistributionName RETIRED_DistributionAddress RETIRED_InterpretationID
    RETIRED_InterpretationIDIssuer RETIRED_Impressions RETIRED_ResultsComments DigitalSignaturesSequence DataSetTrailingPadding`,
  Z: `AccessionNumber PatientBirthDate PatientSex ClinicalTrialProtocolName ClinicalTrialSiteID ClinicalTrialSiteName
    ClinicalTrialTimePointID ClinicalTrialCoordinatingCenterName ContrastBolusAgent StudyID IssuerOfTheContainerIdentifierSequence
    AcquisitionContextSequence IssuerOfTheSpecimenIdentifierSequence SpecimenPreparationSequence PlacerOrderNumberImagingServiceRequest
    FillerOrderNumberImagingServiceRequest VerifyingObserverIdentificationCodeSequence SourceOfPreviousValues LabelText BarcodeValue
    RTAccessoryHolderSlotID RTAccessoryDeviceSlotID RadiationGenerationModeDescription ConceptualVolumeCombinationDescription
    ConceptualVolumeDescription DeviceAlternateIdentifier ManufacturerDeviceIdentifier RTPhysicianIntentNarrative ReasonForSuperseding
    TreatmentTechniqueNotes PrescriptionNotes FractionationNotes PrescriptionNotesSequence`,
  D: `ClinicalTrialSponsorName ClinicalTrialProtocolID ClinicalTrialSubjectID ClinicalTrialSubjectReadingID
    ClinicalTrialProtocolEthicsCommitteeName DeviceSerialNumber AcquisitionFieldOfViewLabel XRaySourceID XRayDetectorID
    ContainerIdentifier SpecimenIdentifier VerifyingOrganization VerifyingObserverName PersonName AnnotationGroupLabel SelectorAEValue
    SelectorLOValue SelectorLTValue SelectorPNValue SelectorSHValue SelectorSTValue SelectorUTValue SelectorURValue ModifyingSystem
    ReasonForTheAttributeModification RETIRED_DestinationAE StructureSetLabel RTPlanLabel TreatmentPositionGroupLabel
    RadiationDoseIdentificationLabel RadiationDoseInVivoMeasurementLabel RTToleranceSetLabel RadiationGenerationModeLabel
    TreatmentToleranceViolationDescription InterlockDescription InterlockOriginDescription DeviceLabel UserContentLabel
    UserContentLongLabel EntityLabel EntityLongLabel RTPrescriptionLabel`,
  C: 'ROIName',
};

/** Dates and times where none are kept: those that must have a value get a dummy, those that must be there are emptied, the rest is removed. */
const datesWithDummy = `ContextGroupVersion ContextGroupLocalVersion FrameAcquisitionDateTime FrameReferenceDateTime SourceStartDateTime SourceEndDateTime
  FunctionalSyncPulse DecayCorrectionDateTime ExclusionStartDateTime ImpedanceMeasurementDateTime VerificationDateTime DateTime Date
  Time ReferencedDateTime AssertionDateTime EffectiveDateTime InformationIssueDateTime HangingProtocolCreationDateTime
  SelectorDAValue SelectorDTValue SelectorTMValue DigitalSignatureDateTime AttributeModificationDateTime TreatmentControlPointDate
  TreatmentControlPointTime SafePositionExitDate SafePositionExitTime SafePositionReturnDate SafePositionReturnTime
  SourceStrengthReferenceDate SourceStrengthReferenceTime TreatmentToleranceViolationDateTime RecordedRTControlPointDateTime
  InterlockDateTime OverrideDateTime BeamHoldTransitionDateTime ContentDate ContentTime InstructionPerformedDateTime
  AcquisitionDateTime`;
const datesEmptied = `StudyDate StudyTime CalibrationDateTime ParticipationDateTime StructureSetDate StructureSetTime ReviewDate ReviewTime
  AcquisitionDate AcquisitionTime`;

/** Removed though the table does not name them: who issued or assigned an identifier, where files lie, dates told as text, other persons. */
const beyondTheTable = `IssuerOfAccessionNumberSequence IssuerOfPatientIDQualifiersSequence PatientBirthDateInAlternativeCalendar
  PatientDeathDateInAlternativeCalendar SourcePatientGroupIdentificationSequence GroupOfPatientsIdentificationSequence
  OrderPlacerIdentifierSequence OrderFillerIdentifierSequence AssigningFacilitySequence AssigningJurisdictionCodeSequence
  AssigningAgencyOrDepartmentCodeSequence RetrieveURL RetrieveURI StoredInstanceBaseURI FolderAccessURI FileAccessURI StorageURL ContactURI
  PixelDataProviderURL SourceApplicationEntityTitle DocumentTitle EncryptedAttributesSequence MACParametersSequence`;
/** Emptied though the table does not name it: people type descriptions there. */
const emptiedBeyondTheTable = 'PositionReferenceIndicator';

/** Value representations that hold a date, a time or both. */
export const times: ReadonlySet<string> = new Set(['DA', 'DT', 'TM']);

const rows = <A extends DeidentifyAction>(action: A, keywords: string): [number, A][] =>
  keywords.split(/\s+/).map((keyword) => [tagNumber(keyword), action]);

const actions: ReadonlyMap<number, DeidentifyAction> = new Map<number, DeidentifyAction>([
  ...rows('X', `${byKeyword.X} ${beyondTheTable}`),
  ...rows('Z', `${byKeyword.Z} ${emptiedBeyondTheTable}`),
  ...rows('D', byKeyword.D),
  ...rows('C', byKeyword.C),
]);

const dateActions: ReadonlyMap<number, RemovedDateAction> = new Map<number, RemovedDateAction>([
  ...rows('D', datesWithDummy),
  ...rows('Z', datesEmptied),
]);

/** The number of a tag by its keyword: `group << 16 | element`. Throws a RangeError for what is no keyword. */
export function tagNumber(keyword: string): number {
  return Number.parseInt(dicomTag(keyword).replace(/[(),]/g, ''), 16);
}

/** X for what is private, a curve, an overlay or unknown to the standard; undefined where the attribute's VR decides. */
export function deidentifyActionOf(tag: number): DeidentifyAction | undefined {
  const group = tag >>> 16;
  const isGraphic = (group & 0xff00) === 0x5000 || (group & 0xff00) === 0x6000;
  return group % 2 === 1 || isGraphic || vrOf(tag) === undefined ? 'X' : actions.get(tag);
}

/** For a date or time, by its tag, where none are kept. */
export function removedDateAction(tag: number): RemovedDateAction {
  return dateActions.get(tag) ?? 'X';
}
