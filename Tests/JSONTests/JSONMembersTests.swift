import JSON
import Testing

@Suite struct JSONMembersTests {
    @Test(arguments: [
        "{}", " { } \n", #"{"a":1}"#, #"{"a" : [1,{"b":"]}\\\""}] , "c":{"d":{}},"e":"x,y" ,"":null}"#,
        #"{"a,\"}":"\\","b":-1.5e3}"#, "{\"a\":\t[]\r\n}",
    ])
    func areThoseOfTheWhole(text: String) throws {
        let object = try #require(try JSON(parsing: text).objectValue)
        let members = try #require(JSONMembers(Array(text.utf8)))
        #expect(members.keys == object.keys)
        for (index, key) in members.keys.enumerated() { #expect(try members.value(index) == object[key]) }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1} x"#, #"{a:1}"#, #"{"a":1"#, #"{"a":"x"#,
        #"{1:2}"#,
        #"{"a":1,"a":2}"#, #"{,}"#, "{\"a\":1}}",
    ])
    func otherTextsAreNone(text: String) {
        #expect(JSONMembers(Array(text.utf8)) == nil)
    }

    /// A value is read when it is asked for, and refused as anywhere.
    @Test func aBadValueSpoilsNoOther() throws {
        let members = try #require(JSONMembers(Array(#"{"a":[1 2],"b":[1,2],"c":tru}"#.utf8)))
        #expect(throws: JSONError.self) { try members.value(0) }
        #expect(try members.value(1) == [1, 2])
        #expect(throws: JSONError.self) { try members.value(2) }
        #expect(members.size(1) == 5)
    }
}
