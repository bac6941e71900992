// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/audit_log.h"

#include "gateway/config/duration.h"
#include "gateway/core/text.h"
#include "gateway/storage/database.h"
#include "gateway/storage/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <limits>
#include <ranges>
#include <sodium.h>
#include <variant>

namespace gateway::storage {

namespace {

constexpr std::string_view columns = "row, at_us, author, place, kind, name, action, revision, diff, hash";

/// The log's key: a secret's hash must never be a row's.
KeyHasher::Key logKey(const KeyHasher::Key &installation)
{
    static_assert(std::tuple_size_v<KeyHasher::Key> == crypto_kdf_KEYBYTES);
    constexpr char context[crypto_kdf_CONTEXTBYTES + 1] = "sb-audit";
    KeyHasher::Key key;
    crypto_kdf_derive_from_key(reinterpret_cast<unsigned char *>(key.data()), key.size(), 1, context, reinterpret_cast<const unsigned char *>(installation.data()));
    return key;
}

void addNumber(std::string &bytes, std::uint64_t number)
{
    for (int shift = 0; shift < 64; shift += 8)
        bytes += static_cast<char>(number >> shift & 0xFF);
}

void addText(std::string &bytes, std::string_view text)
{
    addNumber(bytes, text.size());
    bytes += text;
}

/// A row as it is hashed: numbers of eight bytes, texts behind their length, so that no two rows have the same.
std::string canonical(const AuditEntry &entry)
{
    std::string bytes;
    addNumber(bytes, entry.row);
    addNumber(bytes, static_cast<std::uint64_t>(entry.at.time_since_epoch().count()));
    for (const std::string *text : {&entry.author, &entry.from, &entry.kind, &entry.name, &entry.action})
        addText(bytes, *text);
    addNumber(bytes, entry.revision);
    addText(bytes, entry.diff);
    return bytes;
}

AuditEntry readRow(const Statement &row)
{
    return {.row = static_cast<std::uint64_t>(row.integer(0)),
            .at = WallTime(std::chrono::microseconds(row.integer(1))),
            .author = row.text(2),
            .from = row.text(3),
            .kind = row.text(4),
            .name = row.text(5),
            .action = row.text(6),
            .revision = static_cast<std::uint64_t>(row.integer(7)),
            .diff = row.text(8)};
}

template <typename Digest>
bool readDigest(const QByteArray &bytes, Digest &out)
{
    if (bytes.size() != static_cast<qsizetype>(out.size()))
        return false;
    std::memcpy(out.data(), bytes.constData(), out.size());
    return true;
}

std::string rowsText(std::uint64_t from, std::uint64_t to)
{
    return from == to ? fmt::format("entry {} is", from) : fmt::format("entries {} to {} are", from, to);
}

/// What a question says of rows, in SQL.
class Conditions
{
public:
    explicit Conditions(const AuditQuery &query)
    {
        for (const auto &[text, condition] : {std::pair(&query.author, "author = ?"), std::pair(&query.kind, "kind = ?"), std::pair(&query.name, "name = ?")}) {
            if (!text->empty())
                add(condition, {*text});
        }
        for (const AuditWord &word : query.words | std::views::take(mostAuditWords))
            addWord(word);
        if (query.from)
            add("at_us >= ?", {query.from->time_since_epoch().count()});
        if (query.to)
            add("at_us < ?", {query.to->time_since_epoch().count()});
        if (query.before > 0)
            add("row < ?", {number(query.before)});
        if (query.after > 0)
            add("row > ?", {number(query.after)});
    }

    [[nodiscard]] const std::string &where() const { return m_where; }
    void bind(Statement &rows) const
    {
        for (const Value &value : m_values)
            std::visit([&](const auto &each) { rows.bind(each); }, value);
    }

private:
    using Value = std::variant<std::int64_t, std::string>;

    static std::int64_t number(std::uint64_t row) { return static_cast<std::int64_t>(std::min<std::uint64_t>(row, std::numeric_limits<std::int64_t>::max())); }

    void add(std::string_view condition, std::vector<Value> values)
    {
        m_where += m_where.empty() ? " WHERE " : " AND ";
        m_where += condition;
        std::ranges::move(values, std::back_inserter(m_values));
    }

    void addWord(const AuditWord &word)
    {
        std::vector<std::string> ways;
        std::vector<Value> values;
        for (const char *column : {"author", "place", "kind", "name", "action", "diff"}) {
            ways.push_back(fmt::format("instr(lower({}), lower(?)) > 0", column)); // no LIKE: a word may have its signs
            values.emplace_back(word.text);
        }
        for (const auto &[column, shown] : {std::pair("author", &word.authors), std::pair("kind", &word.kinds), std::pair("action", &word.actions)}) {
            if (shown->empty())
                continue;
            ways.push_back(fmt::format("{} IN ({})", column, fmt::join(std::vector(shown->size(), '?'), ", ")));
            values.insert(values.end(), shown->begin(), shown->end());
        }
        add(fmt::format("({})", fmt::join(ways, " OR ")), std::move(values));
    }

    std::string m_where;
    std::vector<Value> m_values; ///< of the question marks in it
};

std::string dayOf(WallTime time)
{
    return config::dateText(std::chrono::floor<std::chrono::seconds>(time));
}

} // namespace

AuditLog::AuditLog(Database &database, Vault &vault, const Clock &clock)
    : m_database(database), m_vault(vault), m_clock(clock), m_hasher(logKey(vault.installationKey()))
{
}

Result<> AuditLog::begin(std::uint64_t revision)
{
    const auto rows = m_database.number("SELECT EXISTS (SELECT 1 FROM audit)");
    if (!rows)
        return std::unexpected(rows.error());
    const auto head = sealedHead();
    if (!head)
        return std::unexpected(head.error());
    if (*rows > 0 || *head)
        return {};
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return std::unexpected(transaction.error());
    AuditEntry first {.author = "signalbox", .from = "signalbox", .kind = "audit", .action = audit_action::began, .revision = revision};
    first.diff = revision == 0 ? "The log begins." : fmt::format("The log begins. Changes up to revision {} are in the list of versions alone.", revision);
    std::vector<AuditEntry> entries {std::move(first)};
    if (auto added = append(std::move(entries)); !added)
        return added;
    return transaction->commit();
}

Result<> AuditLog::append(std::vector<AuditEntry> entries)
{
    if (entries.empty())
        return {};
    auto head = headForAppend(entries);
    if (!head)
        return std::unexpected(head.error());
    auto add = m_database.prepare(fmt::format("INSERT INTO audit ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", columns));
    if (!add)
        return std::unexpected(add.error());
    for (AuditEntry &entry : entries) {
        for (std::string *text : {&entry.author, &entry.from, &entry.kind, &entry.name, &entry.action, &entry.diff})
            *text = toValidUtf8(*text); // as it is stored, so it is hashed
        entry.row = ++head->row;
        entry.at = std::chrono::floor<std::chrono::microseconds>(m_clock.wallNow());
        head->hash = hashOf(entry, head->hash);
        add->bind(static_cast<std::int64_t>(entry.row)).bind(static_cast<std::int64_t>(entry.at.time_since_epoch().count()));
        add->bind(entry.author).bind(entry.from).bind(entry.kind).bind(entry.name).bind(entry.action).bind(static_cast<std::int64_t>(entry.revision)).bind(entry.diff);
        add->bindBlob(QByteArray(reinterpret_cast<const char *>(head->hash.data()), static_cast<qsizetype>(head->hash.size())));
        if (auto added = add->run(); !added)
            return added;
    }
    std::string sealed = fmt::format("{} ", head->row);
    sealed.append(reinterpret_cast<const char *>(head->hash.data()), head->hash.size());
    return m_vault.writeOwn(auditHeadName, sealed);
}

Result<std::optional<AuditLog::Head>> AuditLog::sealedHead() const
{
    const auto sealed = m_vault.readOwn(auditHeadName);
    if (!sealed && (sealed.error().code == ErrorCode::NotFound || sealed.error().code == ErrorCode::Invalid))
        return std::nullopt;
    if (!sealed)
        return std::unexpected(sealed.error());
    Head head;
    const char *end = sealed->data() + sealed->size();
    const auto number = std::from_chars(sealed->data(), end, head.row);
    if (number.ec != std::errc() || end - number.ptr != static_cast<std::ptrdiff_t>(1 + head.hash.size()))
        return std::nullopt;
    std::memcpy(head.hash.data(), number.ptr + 1, head.hash.size());
    return head;
}

Result<AuditLog::Head> AuditLog::lastRow() const
{
    auto query = m_database.prepare("SELECT row, hash FROM audit ORDER BY row DESC LIMIT 1");
    if (!query)
        return std::unexpected(query.error());
    if (auto run = query->run(); !run)
        return std::unexpected(run.error());
    Head last;
    if (query->next()) {
        last.row = static_cast<std::uint64_t>(query->integer(0));
        readDigest(query->blob(1), last.hash);
    }
    if (auto failed = query->failure(); !failed)
        return std::unexpected(failed.error());
    return last;
}

/// The sealed head, whatever rows there are: where some are missing at the end, their numbers stay missing, so that a new
/// row does not cover it up. Where the head is gone, a row says so before the others.
Result<AuditLog::Head> AuditLog::headForAppend(std::vector<AuditEntry> &entries) const
{
    const auto sealed = sealedHead();
    if (!sealed)
        return std::unexpected(sealed.error());
    auto last = lastRow();
    if (!last)
        return last;
    if (!*sealed && last->row > 0) {
        AuditEntry lost {.author = "signalbox", .from = "signalbox", .kind = "audit", .action = audit_action::headLost, .revision = entries.front().revision};
        lost.diff = fmt::format("How many entries there were was not in the vault any more; {} were there.", last->row);
        entries.insert(entries.begin(), std::move(lost));
        return last;
    }
    if (*sealed && (*sealed)->row >= last->row)
        return **sealed;
    return last; // none yet, or rows that were added from outside: check() tells
}

AuditLog::Digest AuditLog::hashOf(const AuditEntry &entry, const Digest &before) const
{
    std::string bytes(reinterpret_cast<const char *>(before.data()), before.size());
    bytes += canonical(entry);
    return m_hasher.hash(bytes);
}

Result<AuditPage> AuditLog::page(const AuditQuery &query) const
{
    const Conditions wanted(query);
    auto rows = m_database.prepare(fmt::format("SELECT {} FROM audit{} ORDER BY row DESC LIMIT ?", columns, wanted.where()));
    if (!rows)
        return std::unexpected(rows.error());
    wanted.bind(*rows);
    if (auto run = rows->bind(std::int64_t {query.limit} + 1).run(); !run) // one more says whether there are more
        return std::unexpected(run.error());
    AuditPage page;
    while (rows->next())
        page.entries.push_back(readRow(*rows));
    if (auto failed = rows->failure(); !failed)
        return std::unexpected(failed.error());
    page.more = page.entries.size() > static_cast<std::size_t>(query.limit);
    if (page.more)
        page.entries.pop_back();
    return page;
}

Result<AuditCheck> AuditLog::check() const
{
    const auto head = sealedHead();
    if (!head)
        return std::unexpected(head.error());
    auto rows = m_database.prepare(fmt::format("SELECT {} FROM audit ORDER BY row", columns));
    if (!rows)
        return std::unexpected(rows.error());
    if (auto run = rows->run(); !run)
        return std::unexpected(run.error());
    AuditCheck check;
    const auto broken = [&check](std::uint64_t row, std::string words) {
        if (check.brokenAt == 0) {
            check.brokenAt = row;
            check.words = std::move(words);
        }
    };
    Head last;
    WallTime began {};
    while (rows->next()) {
        ++check.rows;
        if (check.brokenAt != 0)
            continue; // only counted: what follows hangs on what is missing
        const AuditEntry entry = readRow(*rows);
        Digest stored {};
        if (entry.row != last.row + 1)
            broken(last.row + 1, fmt::format("The chain breaks at entry {}: {} missing.", last.row + 1, rowsText(last.row + 1, entry.row - 1)));
        else if (!readDigest(rows->blob(9), stored) || stored != hashOf(entry, last.hash))
            broken(entry.row, fmt::format("The chain breaks at entry {} of {}: it is not as it was written.", entry.row, dayOf(entry.at)));
        else if (entry.action == audit_action::headLost)
            broken(entry.row, fmt::format("The chain breaks at entry {} of {}: how many came before it was not known any more.", entry.row, dayOf(entry.at)));
        if (last.row == 0)
            began = entry.at;
        last = {.row = entry.row, .hash = stored};
    }
    if (auto failed = rows->failure(); !failed)
        return std::unexpected(failed.error());
    if (!*head)
        broken(last.row + 1, fmt::format("{} entries are there, but the vault does not say any more how many there were.", check.rows));
    else if ((*head)->row > last.row)
        broken(last.row + 1, fmt::format("The end is missing: {} gone.", rowsText(last.row + 1, (*head)->row)));
    else if ((*head)->row < last.row || (*head)->hash != last.hash)
        broken(last.row, fmt::format("The end was written from outside: the vault knows {} entries, but {} are there.", (*head)->row, check.rows));
    check.intact = check.brokenAt == 0;
    if (check.intact)
        check.words = fmt::format("{} entries since {}, unbroken.", check.rows, dayOf(began));
    else
        check.words += " Somebody wrote into signalbox.db past Signalbox; compare with a backup.";
    return check;
}

} // namespace gateway::storage
