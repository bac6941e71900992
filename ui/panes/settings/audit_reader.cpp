// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/audit_reader.h"

#include "ui/bridge/text.h"
#include "ui/panes/settings/audit_words.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

constexpr int askedWithText = 1000; ///< few of them will be what is looked for

bool isFound(const gateway::AuditEntry &entry, const QString &text)
{
    if (text.isEmpty())
        return true;
    const std::string all = entry.author + ' ' + entry.from + ' ' + entry.kind + ' ' + entry.name + ' ' + entry.action + ' ' + entry.diff;
    const QString shown = whoWords(entry.author) + u' ' + subjectWords(entry) + u' ' + actionWords(entry);
    return bridge::qt(all).contains(text, Qt::CaseInsensitive) || shown.contains(text, Qt::CaseInsensitive);
}

} // namespace

AuditReader::AuditReader(gateway::api::Gateway &gateway, AuditQuestion question, QObject *parent) : QObject(parent), m_gateway(gateway), m_question(std::move(question)) {}

void AuditReader::read(std::uint64_t before, std::uint64_t after, Done done)
{
    auto reading = std::make_shared<Reading>();
    reading->query.author = m_question.author;
    reading->query.kind = m_question.kind;
    reading->query.before = before;
    reading->query.limit = m_question.text.isEmpty() ? static_cast<int>(pageSize) : askedWithText;
    reading->after = after;
    reading->done = std::move(done);
    ask(reading);
}

void AuditReader::ask(const std::shared_ptr<Reading> &reading)
{
    m_gateway.audit(reading->query, this, [this, reading](gateway::Result<gateway::AuditPage> page) {
        if (page)
            take(reading, std::move(*page));
        else
            reading->done(std::unexpected(page.error()));
    });
}

void AuditReader::take(const std::shared_ptr<Reading> &reading, gateway::AuditPage page)
{
    Page &found = reading->page;
    bool more = page.more && !page.entries.empty();
    if (found.newest == 0 && !page.entries.empty())
        found.newest = page.entries.front().row;
    for (gateway::AuditEntry &entry : page.entries) {
        if (entry.row <= reading->after) {
            more = false;
            break;
        }
        reading->query.before = entry.row;
        if (isFound(entry, m_question.text))
            found.entries.push_back(std::move(entry));
    }
    if (more && (reading->after > 0 || found.entries.size() < pageSize)) {
        ask(reading);
        return;
    }
    found.next = more ? reading->query.before : 0;
    reading->done(std::move(found));
}

} // namespace ui::settings
