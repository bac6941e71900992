// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/key_hash.h"
#include "gateway/wire/span.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::wire {

/// Writes a JSON text in a form that is the same for texts of the same meaning, and different for all others: to be hashed,
/// not to be read. One pass over the text, no tree. What does not count: the order of an object's members, white space, and
/// how a string is escaped. All else does:
/// - a number counts as it is written: 1, 1.0 and 1e0 differ. They go upstream as they stand, and some providers refuse
///   one and take the other; a false difference costs a miss, a false likeness a wrong answer.
/// - null differs from absent, and of members of one name each counts, in their order.
/// - a string with half of a surrogate pair, or with an escape that JSON does not have, counts as it is written.
///
/// Each value is written with its kind and length, so that no two values have the same form. Objects and arrays whose form
/// would be long are written as its digest: a text costs linear time, however deep it nests and however it is ordered. One
/// for each worker; keeps its memory between texts.
class CanonicalJson
{
public:
    /// @param hasher  outlives it
    explicit CanonicalJson(const KeyHasher &hasher) : m_hasher(hasher) {}

    /// What is not written of a text.
    struct Omit
    {
        std::span<const std::string_view> members {}; ///< of the object that the text is
        Span value {};                                ///< one value within it, at any depth: only that there is one counts
    };

    /// Appends the form of `json`, one value, to `out`.
    /// @return false: it is no JSON, or nests deeper than JsonCursor::maxDepth; `out` is then of no use
    [[nodiscard]] bool append(std::string_view json, const Omit &omit, std::string &out);

private:
    class Writer;
    struct Part
    {
        std::size_t start = 0;   ///< in `out`: of its name, and with it of the member
        std::size_t nameEnd = 0;
        std::size_t end = 0;     ///< of its value
    };

    const KeyHasher &m_hasher;
    std::vector<Part> m_parts; ///< of all objects that are open, the innermost last
    std::string m_scratch;
};

} // namespace gateway::wire
