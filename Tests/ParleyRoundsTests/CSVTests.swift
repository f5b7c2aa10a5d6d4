// CSV by RFC 4180, its corners, and what is not CSV.

import Foundation
import ParleyModel
import Testing

@testable import ParleyRounds

@Suite("A CSV dataset")
struct CSVTests {
    @Test(
        "takes records apart",
        arguments: [
            ("a,b,c", ["a", "b", "c"]), ("", [""]), (",", ["", ""]), ("\"a,b\",c", ["a,b", "c"]),
            ("\"say \"\"hi\"\"\",x", ["say \"hi\"", "x"]), ("\"two\nlines\",x", ["two\nlines", "x"]),
            ("\"\",\"\"", ["", ""]), ("\"\"\"\"", ["\""]), (" a , b ", [" a ", " b "]), ("é,日本", ["é", "日本"]),
            ("\"cr\r\nlf\",1", ["cr\r\nlf", "1"]),
        ]
    )
    func records(_ text: String, _ fields: [String]) throws {
        #expect(try CSVRecord.fields(text.utf8) == fields)
    }

    @Test(
        "refuses what RFC 4180 does not allow",
        arguments: [
            ("a\"b,c", "a quote inside field 1"), ("x,\"a\"b", "behind the closing quote of field 2"),
            ("\"a,b", "never closed"),
        ]
    )
    func wrongRecords(_ text: String, _ message: String) {
        #expect { try CSVRecord.fields(text.utf8) } throws: { ($0 as? RowProblem)?.message.contains(message) == true }
    }

    @Test("with BOM, CRLF, quoted line breaks and blank lines gives its samples and their lines")
    func corners() throws {
        let text = "\u{FEFF}id,input,target\r\nx,\"first\r\nsecond\",1\r\n\r\ny,\"a \"\"b\"\"\",2\r\nz,last,3"
        let folder = try Folder(["data.csv": text])
        let source = try DatasetSource.open(folder.specification("data.csv", .csv))
        var reader = try source.makeReader()
        var seen: [String] = []
        while let sample = try reader.next() {
            seen.append("\(reader.lineNumber) \(sample.id) \(sample.input[0].content) \(sample.target[0])")
        }
        #expect(seen == ["2 x first\r\nsecond 1", "5 y a \"b\" 2", "6 z last 3"])
    }

    @Test("reads the same whatever the size of a chunk", arguments: 1...17)
    func chunkSizes(_ size: Int) throws {
        let text = "id,input\n1,\"a\nb\"\n2,\"c\"\"d\"\n\n3,e\r\n"
        let folder = try Folder(["data.csv": text])
        var stream = try SampleStream(folder.specification("data.csv", .csv), chunkSize: size)
        var seen: [String] = []
        while let item = try stream.next() {
            if case .sample(let sample, let location) = item {
                seen.append("\(location.line)@\(location.offset) \(sample.input[0].content)")
            }
        }
        #expect(seen == ["2@9 a\nb", "4@17 c\"d", "6@27 e"])
    }

    @Test("names bad rows by line, and reads on behind them")
    func badRows() throws {
        let folder = try Folder(["data.csv": "id,input\n1,a,b\n2,\"x\ny\"\n3\n4,q\"q\n5,fine\n"])
        let found = try #require(errors { try folder.samples("data.csv", .csv) })
        #expect(found.map(\.line) == [2, 5, 6])
        #expect(found[0].message == "3 fields where the header has 2")
    }

    @Test("with two columns of one name, or without rows, is wrong")
    func header() throws {
        let folder = try Folder(["twice.csv": "input,a,a\n1,2,3\n", "bare.csv": "input,target\n", "empty.csv": ""])
        #expect(errors { try folder.samples("twice.csv", .csv) }?.first?.message.contains("two columns") == true)
        #expect(errors { try folder.samples("bare.csv", .csv) }?.first?.message == "the dataset is empty")
        #expect(errors { try folder.samples("empty.csv", .csv) }?.first?.message == "the dataset is empty")
    }

    @Test("takes choices from a JSON list in a cell or from several columns")
    func choices() throws {
        let folder = try Folder([
            "list.csv": "input,choices,target\nq,\"[\"\"x\"\", \"\"y\"\"]\",B\n",
            "columns.csv": "input,x,y,target\nq,1,2,A\n",
        ])
        #expect(try folder.samples("list.csv", .csv).first?.choices == ["x", "y"])
        let mapped = try folder.samples("columns.csv", .csv) {
            $0.layout = .fields(FieldMapping(choices: .fields(["x", "y"]), metadata: .fields(["x"])))
        }
        #expect(mapped.first?.choices == ["1", "2"])
        #expect(mapped.first?.metadata == ["x": "1"])
    }
}

/// The diagnostics that a piece of work throws; nil where it throws none.
func errors(_ work: () throws -> some Any) -> [Diagnostic]? {
    do {
        _ = try work()
        return nil
    } catch let invalid as InvalidInput {
        return invalid.diagnostics
    } catch {
        return []
    }
}
