// Profiles turns the operator's YAML into typed, validated settings: which model solves which task, with what search.
// One table of keys (`ProfileKey.all`) says everything about a key, and from it come the reading of a file, the
// overrides of a request, the text of `profiles show` and the JSON Schema, so that the four cannot disagree.

package import JSON
package import Puzzles
package import Rollouts
package import TRM
package import Verifiers

/// A named way to solve one task: model, search settings and how a Q logit becomes a confidence.
package struct Profile: Sendable {
    package var name: String
    /// The task whose notation and checker are used.
    package var task = ""
    /// The task where the profiles' file declares it.
    package var declared: DeclaredTask?
    /// The model as it was written: a bundled model's name, or a path; nil: none, for a profile without the engine `ptrm`.
    package var model: String?
    /// The path of the model's file, resolved against the folder of the profiles' file; nil for a bundled model.
    package var modelFile: String?
    /// The model of the engine `ldt` as it was written, and the path of its file, as for `model`.
    package var deducer: String?
    package var deducerFile: String?
    package var search = SearchSettings()
    package var precision = Precision.auto
    /// Whether its model is made ready before the daemon says that it is; nil: where it serves sockets, or the model is no
    /// bundled one.
    package var preload: Bool?
    /// The program from outside that judges candidates in the place of the task's rules; nil: none.
    package var verifier: VerifierSettings?
    /// Nil: the plain sigmoid.
    package var calibration: Calibration?
    package var description: String?
    /// Where the profile's name is written.
    package var place: SourcePlace
    /// Where the model is written; for the message about a file that cannot be loaded.
    package var modelPlace: SourcePlace
    package var deducerPlace: SourcePlace

    package init(name: String, place: SourcePlace) {
        self.name = name
        self.place = place
        modelPlace = place
        deducerPlace = place
    }

    /// Every key with its value, in the order of the table; what the file left out has its default.
    package var values: JSONObject {
        var values = JSONObject()
        for key in ProfileKey.all { values[key.name] = key.value(in: self) }
        return values
    }

    /// The probability that an answer with this Q logit is right, as far as the model's head can tell.
    package func confidence(q: Float) -> Double {
        calibration?.confidence(q: q) ?? Calibration.sigmoid(Double(q))
    }

    /// The same of an answer of the engine `ldt`, whose logit comes from the margins on the way to it. A calibration is of
    /// the engine `ptrm` in a profile that has both.
    package func deductionConfidence(q: Float) -> Double {
        search.engines.contains(.ptrm) ? Calibration.sigmoid(Double(q)) : confidence(q: q)
    }
}

/// A task that a profiles' file declares.
package struct DeclaredTask: Sendable, Hashable {
    package var declaration: GridDeclaration
    /// The declaration as it was written, on one line.
    package var yaml: String

    package init(declaration: GridDeclaration, yaml: String) {
        self.declaration = declaration
        self.yaml = yaml
    }
}

/// A place in a file, both numbers counted from 1.
package struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }
}
