// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The audit log: who changed what, when and from where. Plain values; storage/audit_log.h keeps them.
namespace gateway {

/// Whose an edit is.
struct Editor
{
    Editor(std::string who, std::string place = {}) : author(std::move(who)), from(place.empty() ? author : std::move(place)) {}
    Editor(const char *who) : Editor(std::string(who)) {}
    std::string author; ///< "window", "command line", "file gateway.yaml", "admin:ci"
    std::string from;   ///< where it was made: "window", "command line", the file's path, the address of who asked
};

/// One change.
struct AuditEntry
{
    std::uint64_t row = 0;      ///< 1, 2, 3, ... as they were made, without gaps
    WallTime at {};
    std::string author;         ///< see Editor
    std::string from;
    std::string kind;           ///< "provider", "route", "key", "admin-token", ..., "gateway", "organisation"; "configuration" as a whole; "audit" itself
    std::string name;           ///< of the entry, before the change; empty where there is one of a kind
    std::string action;         ///< one of audit_action
    std::uint64_t revision = 0; ///< that it made; of a key's state, which makes none, the one that held
    std::string diff;           ///< in words, as revisions have them: "max_connections: 512 -> 100"; never a secret
    bool operator==(const AuditEntry &) const = default;
};

namespace audit_action {
inline constexpr char began[] = "began";          ///< of the log: the first row
inline constexpr char headLost[] = "head lost";   ///< of the log: how many rows it had was not known any more
inline constexpr char created[] = "created";
inline constexpr char changed[] = "changed";
inline constexpr char deleted[] = "deleted";
inline constexpr char applied[] = "applied";          ///< of the configuration: a text was laid over it; its entries' rows follow
inline constexpr char fileApplied[] = "file applied"; ///< the same, of the --config file
inline constexpr char rolledBack[] = "rolled back";   ///< the same, to an earlier revision
inline constexpr char restored[] = "restored";        ///< of the configuration: from a backup
inline constexpr char revoked[] = "revoked";          ///< of a key, as is the next
inline constexpr char rotated[] = "rotated";
inline constexpr char muted[] = "muted";              ///< of an alert, as are the next two
inline constexpr char unmuted[] = "unmuted";
inline constexpr char acknowledged[] = "acknowledged";
inline constexpr char purged[] = "purged";            ///< of the cache: answers that were kept
} // namespace audit_action

/// A word that is looked for in entries.
struct AuditWord
{
    std::string text;             ///< somewhere in one of the entry's texts, whatever the case of its letters (of ASCII)
    std::vector<std::string> authors {}, kinds {}, actions {}; ///< whose entries are found as well: they are shown by other words, which have it
    bool operator==(const AuditWord &) const = default;
};
constexpr std::size_t mostAuditWords = 16; ///< that are looked for at a time

/// What is asked of the log: newest first, a page at a time.
struct AuditQuery
{
    std::string author;           ///< whole; empty: any, as are the next two
    std::string kind;
    std::string name;
    std::vector<AuditWord> words {}; ///< an entry has all of them
    std::optional<WallTime> from; ///< from then on
    std::optional<WallTime> to;   ///< before then
    std::uint64_t before = 0;     ///< rows below this one: the page before's last; 0: from the newest
    std::uint64_t after = 0;      ///< rows above this one
    int limit = 100;
};

struct AuditPage
{
    std::vector<AuditEntry> entries;
    bool more = false;
};

/// What a look over the whole log found.
struct AuditCheck
{
    bool intact = false;
    std::uint64_t rows = 0;   ///< that are there
    std::uint64_t brokenAt = 0; ///< the first row that is not as it was written, or is missing; 0: none
    std::string words;        ///< "412 entries since 2026-11-29, unbroken."
};

} // namespace gateway
