/// The directions in which points differ most (PCA), by power iteration on the data itself: latents have far more
/// channels than there are points, so no covariance matrix is made.
package struct PrincipalComponents: Sendable {
    package var mean: [Float]
    /// Unit vectors at right angles, by falling variance; fewer than asked for when the points span less.
    package var axes: [[Float]]
    /// Share of the whole variance along each axis.
    package var explained: [Double]

    /// - Parameter points: vectors of one length.
    package init(_ points: [[Float]], count: Int = 2, iterations: Int = 60) {
        let width = points.first?.count ?? 0
        var sum = [Double](repeating: 0, count: width)
        for point in points { for (index, value) in point.enumerated() { sum[index] += Double(value) } }
        let mean = sum.map { Float($0 / Double(max(1, points.count))) }
        let centred = points.map { Self.difference($0, mean) }
        let total = centred.reduce(0.0) { $0 + Double(Self.dot($1, $1)) }
        self.mean = mean
        axes = []
        explained = []
        for _ in 0..<min(count, width, max(0, points.count - 1)) {
            // The point farthest from the mean once the axes found are taken out is a fair start.
            var start: (rest: [Float], length: Float) = ([], 0)
            for point in centred {
                let rest = Self.orthogonal(point, to: axes)
                let length = Self.dot(rest, rest)
                if length > start.length { start = (rest, length) }
            }
            guard Double(start.length) > 1e-10 * max(total, 1e-30) else { break }
            var axis = Self.unit(start.rest)
            for _ in 0..<iterations {
                var next = [Float](repeating: 0, count: width)
                // The axis is at right angles to those found, so what of a point lies along them does not count.
                for point in centred { Self.add(point, times: Self.dot(point, axis), to: &next) }
                axis = Self.unit(Self.orthogonal(next, to: axes))
            }
            axes.append(axis)
            let variance = centred.reduce(0.0) {
                let along = Double(Self.dot($1, axis))
                return $0 + along * along
            }
            explained.append(total > 0 ? variance / total : 0)
        }
    }

    /// A point's coordinate along each axis.
    package func project(_ point: [Float]) -> [Double] {
        let centred = Self.difference(point, mean)
        return axes.map { Double(Self.dot(centred, $0)) }
    }

    private static func dot(_ a: [Float], _ b: [Float]) -> Float {
        var lanes = SIMD8<Float>.zero
        let count = min(a.count, b.count)
        let blocks = count / 8
        return a.withUnsafeBytes { a in
            b.withUnsafeBytes { b in
                for block in 0..<blocks {
                    lanes +=
                        a.loadUnaligned(fromByteOffset: 32 * block, as: SIMD8<Float>.self)
                        * b.loadUnaligned(fromByteOffset: 32 * block, as: SIMD8<Float>.self)
                }
                var sum = lanes.sum()
                for index in 8 * blocks..<count {
                    sum +=
                        a.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
                        * b.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
                }
                return sum
            }
        }
    }

    private static func add(_ vector: [Float], times factor: Float, to sum: inout [Float]) {
        for index in vector.indices { sum[index] += factor * vector[index] }
    }

    private static func difference(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 - $1 } }

    private static func unit(_ vector: [Float]) -> [Float] {
        let length = dot(vector, vector).squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }

    private static func orthogonal(_ vector: [Float], to axes: [[Float]]) -> [Float] {
        var rest = vector
        for axis in axes { add(axis, times: -dot(rest, axis), to: &rest) }
        return rest
    }
}
