// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/audit_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ui::settings {

AuditReader::AuditReader(gateway::api::Gateway &gateway, AuditQuestion question, QObject *parent) : QObject(parent), m_gateway(gateway), m_question(std::move(question)) {}

void AuditReader::read(std::uint64_t before, std::uint64_t after, Done done)
{
    auto reading = std::make_shared<Reading>();
    reading->query.author = m_question.author;
    reading->query.kind = m_question.kind;
    reading->query.words = m_question.words;
    reading->query.before = before;
    reading->query.after = after;
    reading->query.limit = static_cast<int>(pageSize);
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
    if (!page.entries.empty())
        reading->query.before = page.entries.back().row;
    std::ranges::move(page.entries, std::back_inserter(found.entries));
    if (page.more && reading->query.after > 0) {
        ask(reading); // all that is new, in one page
        return;
    }
    found.newest = found.entries.empty() ? 0 : found.entries.front().row;
    found.next = page.more ? reading->query.before : 0;
    reading->done(std::move(found));
}

} // namespace ui::settings
