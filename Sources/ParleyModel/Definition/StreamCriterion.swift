// The 28 criteria of STREAM, the standard for reporting evaluations of dangerous capabilities (T. McCaslin and others,
// 2025, arXiv 2508.09853), in six groups. The questions are in our words; where they and the standard differ, the
// standard holds. Eight of them were compared with its checklist, `capability` to `gradingCriteria`, `humanGraders` and
// `graderModel`, and the number and the names of the groups; the other twenty were not.

/// What a report of an evaluation should say.
public enum StreamCriterion: String, CaseIterable, Hashable, Sendable, Codable {
    // Threat relevance
    case capability
    case ruleInOut = "rule_in_out"
    case exampleItem = "example_item"
    // Test construction, grading and scoring
    case itemCount = "item_count"
    case itemType = "item_type"
    case gradingCriteria = "grading_criteria"
    case humanGraders = "human_graders"
    case humanGrading = "human_grading"
    case humanAgreement = "human_agreement"
    case graderModel = "grader_model"
    case graderMethod = "grader_method"
    case graderValidation = "grader_validation"
    // Model elicitation
    case modelVersions = "model_versions"
    case safeguards
    case elicitation
    // Model performance
    case performance
    case uncertainty
    case ablations
    // Baseline performance
    case baselineSample = "baseline_sample"
    case baselinePerformance = "baseline_performance"
    case baselineElicitation = "baseline_elicitation"
    case baselineAbsence = "baseline_absence"
    case baselineAlternative = "baseline_alternative"
    // Results interpretation
    case conclusions
    case falsification
    case predictions
    case reviewTime = "review_time"
    case disagreements

    /// A group of criteria.
    public enum Group: String, CaseIterable, Hashable, Sendable, Codable {
        case threatRelevance = "Threat relevance"
        case construction = "Test construction, grading and scoring"
        case elicitation = "Model elicitation"
        case performance = "Model performance"
        case baseline = "Baseline performance"
        case interpretation = "Results interpretation"
    }

    public var group: Group {
        switch self {
        case .capability, .ruleInOut, .exampleItem: .threatRelevance
        case .itemCount, .itemType, .gradingCriteria, .humanGraders, .humanGrading, .humanAgreement, .graderModel,
            .graderMethod, .graderValidation:
            .construction
        case .modelVersions, .safeguards, .elicitation: .elicitation
        case .performance, .uncertainty, .ablations: .performance
        case .baselineSample, .baselinePerformance, .baselineElicitation, .baselineAbsence, .baselineAlternative:
            .baseline
        case .conclusions, .falsification, .predictions, .reviewTime, .disagreements: .interpretation
        }
    }

    /// What is asked, in our words.
    public var question: String {
        switch self {
        case .capability: "Which capability is measured, and for which threat does it matter?"
        case .ruleInOut: "Which results would rule a capability of concern in, and which out?"
        case .exampleItem: "What do an item and a response look like?"
        case .itemCount: "How many items are there?"
        case .itemType: "Of which type are the items, and how are they scored?"
        case .gradingCriteria: "How were the grading criteria made, and how was their quality controlled?"
        case .humanGraders: "If people graded: who, how many, and how were they chosen?"
        case .humanGrading: "If people graded: how was it done?"
        case .humanAgreement: "If people graded: how far did they agree?"
        case .graderModel: "If a model graded: which one, and how was it changed?"
        case .graderMethod: "If a model graded: with which instructions and scale?"
        case .graderValidation: "If a model graded: how was it held against people or other graders?"
        case .modelVersions: "Which versions of the models were tested?"
        case .safeguards: "Which safeguards were active during the tests?"
        case .elicitation: "How were the models brought to show what they can?"
        case .performance: "What did the models achieve?"
        case .uncertainty: "How uncertain is that, and over how many runs?"
        case .ablations: "What came out under other conditions?"
        case .baselineSample: "If people are the baseline: who were they, and how were they found?"
        case .baselinePerformance: "If people are the baseline: what did they achieve, and how do the tests differ?"
        case .baselineElicitation: "If people are the baseline: with which time, means and incentives?"
        case .baselineAbsence: "If there is no baseline of people: why not?"
        case .baselineAlternative: "If there is no baseline of people: what is the result held against instead?"
        case .conclusions: "What is concluded of capability or risk, and how do the results lead there?"
        case .falsification: "Which results would have spoken against the conclusions?"
        case .predictions: "How is performance expected to change in the near future?"
        case .reviewTime: "How much time was there to consider the results before decisions?"
        case .disagreements: "Which disagreements and open questions remain?"
        }
    }

    /// Whether the round itself answers it, with no words of its makers: from its definition or its findings.
    public var isFromData: Bool {
        switch self {
        case .itemCount, .itemType, .graderModel, .graderMethod, .modelVersions, .safeguards, .elicitation,
            .performance, .uncertainty:
            true
        default: false
        }
    }
}
