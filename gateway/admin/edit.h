// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/admin/endpoint.h"
#include "gateway/admin/if_match.h"

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <utility>

/// Edits of the configuration, as requests make them.
namespace gateway::admin {

/// What one request changes.
struct Edit
{
    /// Changes `next`. @return where it did so ("routes[2]."): of what is wrong with it, fields are told from there; or the refusal
    using Change = std::function<std::expected<std::string, pipeline::AdminReply>(config::Config &next)>;
    /// Answers with what now is there.
    using Show = std::function<void(api::Gateway &, QObject *context, Done)>;

    std::string note; ///< for the list of revisions
    Change change;
    Show show;
    std::uint64_t onlyAt = anyRevision; ///< the configuration's revision that was read; another one is a 412
    /// An entry that is to be as it was read, whatever else was changed.
    struct Held
    {
        std::string kind, id;
        std::uint64_t since = anyRevision;
    };
    std::optional<Held> held {};
};

/// Applies a change to what holds now, as one revision; again where another edit came between and none in particular was
/// read. Answers with `show`, or with why it was refused.
void makeEdit(Ask ask, Edit edit, Done done);

/// 428 where If-Match is missing; what it says otherwise.
std::expected<std::uint64_t, pipeline::AdminReply> revisionRead(const Ask &ask);

/// "etag: "7"", a header's line.
std::string etagLine(std::uint64_t revision);

} // namespace gateway::admin
