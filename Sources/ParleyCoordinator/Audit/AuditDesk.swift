// Labelling at a terminal, as a state machine: lines go in, actions come out, and whoever holds it does what they say.
// It knows no terminal and no database.
//
//     reading n ── a grade, unsure ──▶ label n, reading the next without a label
//        │  └──── skip ─────────────▶ reading the next without a label
//        ├─────── undo ─────────────▶ withdraw the last label, reading it again
//        └─────── quit, end of input, or nothing left ──▶ done

public import ParleyModel
public import ParleyQueue

/// The desk of a person who labels.
public struct AuditDesk: Sendable {
    /// What to do next.
    public enum Action: Hashable, Sendable {
        /// Show the item at this place in the sample.
        case show(Int)
        /// Keep this label, then show the item that ``current`` names, or end.
        case label(Int, LabelVerdict, note: String)
        /// Show the rubric, the whole answer, or the keys.
        case rubric(Int), whole(Int), help
        /// Say this, and ask again.
        case say(String)
        case done
    }

    private let sample: AuditSelection
    /// By place in the sample.
    private var labelled: Set<Int>
    private var skipped: Set<Int> = []
    /// Places that were labelled here, the last one last.
    private var history: [Int] = []
    private var note = ""
    /// The place that is being read; nil where nothing is left.
    public private(set) var current: Int?

    /// - Parameter labelled: jobs that this person has labelled before
    public init(_ sample: AuditSelection, labelled: Set<JobID>) {
        self.sample = sample
        self.labelled = Set(sample.items.indices.filter { labelled.contains(sample.items[$0].job) })
        current = next(after: -1)
    }

    public var labelledCount: Int { labelled.count }

    /// What a line of input means. nil is the end of input.
    public mutating func take(_ line: String?) -> Action {
        guard let place = current, let line else { return .done }
        let text = line.trimmed
        if let grade = grade(text, of: sample.items[place]) {
            return finish(place, .labelled(grade: grade.name, grade.score))
        }
        switch text.lowercased() {
        case "": return .say("Type a grade, or its number; 'help' lists what else there is.")
        case "?", "x", "unsure": return finish(place, .undecidable)
        case "s", "skip":
            skipped.insert(place)
            current = next(after: place)
            return current.map(Action.show) ?? .done
        case "u", "undo": return undo()
        case "r", "rubric": return .rubric(place)
        case "a", "all": return .whole(place)
        case "h", "help": return .help
        case "q", "quit": return .done
        case let other where other.hasPrefix("note "):
            note = String(text.dropFirst(5))
            return .say("The note goes with this answer's label.")
        default: return .say("'\(text.prefix(40))' is no grade here and no command.")
        }
    }

    /// The grade of this name; where none is written so, that of this number, or of this name in other letters.
    private func grade(_ text: String, of item: AuditItem) -> (name: String, score: Score)? {
        let grades = sample.grades(of: item)
        let named = sample.grade(named: text, of: item)
        if named?.name == text { return named }
        if let number = Int(text), grades.indices.contains(number - 1) { return grades[number - 1] }
        return named
    }

    private mutating func finish(_ place: Int, _ verdict: LabelVerdict) -> Action {
        labelled.insert(place)
        history.append(place)
        current = next(after: place)
        defer { note = "" }
        return .label(place, verdict, note: note)
    }

    private mutating func undo() -> Action {
        guard let last = history.popLast() else { return .say("Nothing was labelled here yet.") }
        labelled.remove(last)
        current = last
        note = ""
        return .label(last, .withdrawn, note: "")
    }

    /// The next place without a label, from the start again at the end; what was skipped is left for another time.
    private func next(after place: Int) -> Int? {
        let order = Array(sample.items.indices.dropFirst(place + 1)) + Array(sample.items.indices.prefix(max(0, place)))
        return order.first { !labelled.contains($0) && !skipped.contains($0) }
    }
}
