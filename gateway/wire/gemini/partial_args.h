// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gateway::wire::gemini {

/// Puts a call's arguments together that come piece by piece: `{"jsonPath": "$.a.b[0]", "stringValue": "..."}`, where a
/// string may come in several pieces (wire.md 4.4). Bounded: 65,536 pieces and values, 64 levels, 1,024 members of an object,
/// indexes below 4,096.
class PartialArgs
{
public:
    PartialArgs();
    ~PartialArgs();
    PartialArgs(PartialArgs &&) noexcept;
    PartialArgs &operator=(PartialArgs &&) noexcept;

    /// Takes the array `partialArgs`. False: it is not one that can be followed.
    bool take(std::string_view partialArgs);
    [[nodiscard]] std::string object() const; ///< compact JSON text; {} where nothing came

private:
    struct Tree;
    std::unique_ptr<Tree> m_tree;
};

} // namespace gateway::wire::gemini
