// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/body_words.h"
#include "gateway/storage/text_schema.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gateway::storage {

struct WordedCall
{
    std::int64_t row = 0;
    std::int64_t atUs = 0; ///< when it began
    BodyWords words;
};

/// Writes text.db. Each step is one transaction with the mark of how far it has come: after a crash it goes on from there. The
/// thread that opened it.
class TextIndex
{
public:
    /// @param lastRow  of the log: a new index begins behind it, and grows both ways
    static Result<std::unique_ptr<TextIndex>> open(const std::string &path, std::int64_t lastRow);
    /// Of a file that nobody writes any more; readers that have it open go on with what they have.
    static Result<> remove(const std::string &path);

    [[nodiscard]] TextPlace place() const { return m_place; }
    [[nodiscard]] std::uint64_t calls() const; ///< that are in it
    [[nodiscard]] std::uint64_t bytes() const; ///< of the file and its journal

    /// @param calls  ascending; all with bodies after place().upTo, up to `upTo`
    Result<> addNewer(std::span<const WordedCall> calls, std::int64_t upTo);
    /// @param calls  ascending; all with bodies from `from` on, before place().from
    Result<> addOlder(std::span<const WordedCall> calls, std::int64_t from);

    /// Takes away one part that has no row from that one on; after the last one, gives pages back to the file system.
    /// @return whether there may be more to do
    Result<bool> forgetBefore(std::int64_t row);

private:
    TextIndex(std::unique_ptr<Database> database, std::string path) : m_database(std::move(database)), m_path(std::move(path)) {}
    Result<> load();
    Result<> add(std::span<const WordedCall> calls, bool newer, TextPlace place);
    Result<> inTransaction(std::span<const WordedCall> calls, bool newer, TextPlace place);
    Result<TextPart *> partFor(std::span<const WordedCall> calls, bool newer);
    Result<> write(TextPart &part, std::span<const WordedCall> calls);
    Result<> drop(const TextPart &part);

    std::unique_ptr<Database> m_database;
    std::string m_path;
    std::vector<TextPart> m_parts; ///< by their rows
    TextPlace m_place;
};

} // namespace gateway::storage
