// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace ui::settings {

/// What is looked for in the audit log.
struct AuditQuestion
{
    std::string author, kind; ///< whole; empty: any
    std::vector<gateway::AuditWord> words; ///< of auditWords()
    bool operator==(const AuditQuestion &) const = default;
};

/// Reads what a question finds, newest first, a page at a time. Its end ends what it reads. GUI thread; nothing waits.
class AuditReader final : public QObject
{
    Q_OBJECT
public:
    static constexpr std::size_t pageSize = 200; ///< entries that are enough

    struct Page
    {
        std::vector<gateway::AuditEntry> entries;
        std::uint64_t newest = 0; ///< the first that was found; 0: there was none
        std::uint64_t next = 0;   ///< what `before` is for the next page; 0: this is the last
    };
    using Done = std::function<void(gateway::Result<Page>)>;

    AuditReader(gateway::api::Gateway &gateway, AuditQuestion question, QObject *parent);

    /// Entries before this one; 0: from the newest.
    void read(std::uint64_t before, Done done) { read(before, 0, std::move(done)); }
    /// All entries after this one, in one page.
    void readNew(std::uint64_t after, Done done) { read(0, after, std::move(done)); }

private:
    struct Reading
    {
        gateway::AuditQuery query;
        Page page;
        Done done;
    };

    void read(std::uint64_t before, std::uint64_t after, Done done);
    void ask(const std::shared_ptr<Reading> &reading);
    void take(const std::shared_ptr<Reading> &reading, gateway::AuditPage page);

    gateway::api::Gateway &m_gateway;
    AuditQuestion m_question;
};

} // namespace ui::settings
