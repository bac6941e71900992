// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/request_scan.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway::wire {

/// An outgoing body: pieces of the caller's bytes and of a small buffer of its own, sent one behind another. The
/// caller's bytes must outlive it; moving it keeps every piece valid.
struct SplicedBody
{
    PooledVector<std::string_view> pieces;
    std::size_t size = 0; ///< Content-Length
    PooledVector<char> owned {};

    [[nodiscard]] std::string text() const; ///< all pieces joined: for captures and tests
};

/// Collects edits of a scanned body and builds the outgoing one; untouched bytes are never copied, so unknown fields,
/// big integers and duplicate unknown keys stay byte for byte. Edits may come in any order but must not overlap.
class BodySplice
{
public:
    explicit BodySplice(const RequestScan &scan) : m_scan(scan) {}

    void replaceModel(std::string_view model);             ///< escaped as JSON
    void replace(Span range, std::string_view text);       ///< an empty range inserts
    void rename(const Member &member, std::string_view name);
    void remove(const Member &member);                     ///< with its comma; removing twice is the same as once
    void add(std::string_view name, std::string_view jsonValue); ///< a member behind the last one
    void askForUsage();                                    ///< puts stream_options.include_usage: true in
    /// That value for this name, whatever was there: replaced, put back where it was removed, or added.
    void set(std::string_view name, std::string_view jsonValue);

    [[nodiscard]] SplicedBody build();

private:
    struct Edit
    {
        Span range;
        Span text {}; ///< within m_text: what stands there instead
    };
    [[nodiscard]] Span keep(std::string_view text);
    void completeEdits();
    void collectRemovals(bool &noneLeft, std::uint32_t &end);

    const RequestScan &m_scan;
    PooledVector<Edit> m_edits;
    PooledVector<const Member *> m_removed;
    PooledVector<char> m_text;
    PooledText m_added; ///< members to add, each with a comma before it
};

} // namespace gateway::wire
