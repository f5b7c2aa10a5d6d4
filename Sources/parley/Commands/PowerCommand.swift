// parley power: how many samples and epochs show a difference of a given size.

import ArgumentParser
import ParleyEvidence
import ParleyModel
import ParleyReport
import ParleyRounds

struct PowerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power",
        abstract: "How many samples and epochs show a difference of a given size.",
        discussion: """
            For two configurations compared on the same samples. More epochs make up for chance within a sample, not \
            for too few samples: --between is the share of a score's variance that lies between samples. With a round \
            file, says for each suite what its samples can show.

            Examples:
              parley power --difference 0.05 --rate 0.7
              parley power --difference 0.03 --rate 0.5 --epochs 1,5,20 --comparisons 12
              parley power examples/demo.yaml --difference 0.05
            """
    )

    @Argument(help: "A round file.")
    var file: String?
    @Option(help: "The difference to be seen, in the scores' unit: 0.05 is five points of a rate.")
    var difference: Double
    @Option(help: "The rate that is expected; its variance is rate (1 - rate).")
    var rate: Double?
    @Option(help: "The standard deviation of one score, where it is not a rate.")
    var deviation: Double?
    @Option(help: "The numbers of epochs to tell of, with commas between them.", transform: numbers)
    var epochs: [Int] = [1, 2, 5, 10, 20]
    @Option(help: "The share of the variance that is between samples.")
    var between = 0.5
    @Option(help: "The correlation of the two configurations' sample means; 0 where they share no samples.")
    var correlation = 0.5
    @Option(help: "How many comparisons the table has, over which Holm adjusts.")
    var comparisons = 1
    @Option(help: "The probability of any false finding in the table.")
    var significance = 0.05
    @Option(help: "The probability with which the difference is to be found.")
    var power = 0.8
    @OptionGroup var external: ExternalOptions
    @Flag(help: "Print as JSON (schemas/json/power.schema.json).")
    var json = false

    private static func numbers(_ text: String) throws -> [Int] {
        try text.split(separator: ",").map { part in
            guard let number = Int(part), (1...10_000).contains(number) else {
                throw ValidationError("write numbers from 1 to 10000 with commas between them, such as 1,5,20")
            }
            return number
        }
    }

    func validate() throws {
        guard difference > 0, difference.isFinite else { throw ValidationError("--difference takes a number above 0") }
        if rate != nil, deviation != nil { throw ValidationError("--rate and --deviation cannot be used together") }
        for (name, share) in [("rate", rate ?? 0.5), ("between", between), ("correlation", correlation)]
        where !(0...1).contains(share) {
            throw ValidationError("--\(name) takes 0 to 1")
        }
        if let deviation, !(deviation > 0 && deviation.isFinite) {
            throw ValidationError("--deviation takes a number above 0")
        }
        guard (1...1_000_000).contains(comparisons) else { throw ValidationError("--comparisons takes 1 to 1000000") }
        guard significance > 0, significance < 1 else { throw ValidationError("--significance lies between 0 and 1") }
        guard power > significance, power < 1 else {
            throw ValidationError("--power lies between --significance and 1")
        }
    }

    func run() throws {
        let rate = rate ?? 0.5
        var document = PowerDocument(
            difference: difference,
            variance: deviation.map { $0 * $0 } ?? rate * (1 - rate),
            betweenShare: between,
            correlation: correlation,
            significance: significance,
            comparisons: comparisons,
            power: power,
            entries: []
        )
        let plan = try file.map { try external.plan($0, isSimulated: false) }
        let suites = plan?.definition.suites.map { ($0.name, $0.dataset.count, $0.epochs) } ?? []
        try document.fill(suites: suites, epochs: file == nil ? epochs : [])
        if json { return try Console.json(document) }
        Console.print(powerTable(document, styled: Console.isStyled, width: Console.width))
    }
}
