/// The members of a JSON object in the order in which they were written. Equal when the members are equal in order.
///
/// Keys are unique: the parser refuses a duplicate, and the setter replaces. Look-up is linear; objects in the
/// protocol have a dozen members. Whoever looks up many names in a large object builds a `Dictionary` from it.
package struct JSONObject: Sendable {
    package private(set) var members: [(key: String, value: JSON)]

    package init() { members = [] }

    /// The caller vouches for unique keys.
    init(uniqueMembers members: [(key: String, value: JSON)]) { self.members = members }

    /// The value of a key. Setting replaces in place or appends; setting nil removes.
    package subscript(key: String) -> JSON? {
        get { members.first { $0.key.isIdentical(to: key) }?.value }
        set {
            let index = members.firstIndex { $0.key.isIdentical(to: key) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((key, value))
            case (nil, nil): break
            }
        }
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members) { $0.key.isIdentical(to: $1.key) && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for member in members {
            hasher.combine(member.key)
            hasher.combine(member.value)
        }
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> IndexingIterator<[(key: String, value: JSON)]> { members.makeIterator() }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// A key that is repeated keeps its first place and its last value.
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self.init()
        for (key, value) in elements { self[key] = value }
    }
}

extension String {
    /// Whether two names have the same code points. `==` also holds for two spellings of one text, as é and e with an
    /// accent, which are two names in JSON (RFC 8259, section 8.3).
    package func isIdentical(to other: String) -> Bool { self == other && utf8.elementsEqual(other.utf8) }
}
