// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/audit_export.h"

#include "gateway/config/duration.h"
#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

QByteArray lineOf(const gateway::AuditEntry &entry)
{
    using bridge::qt;
    return bridge::csvLine({QString::number(entry.row), qt(gateway::config::dateText(entry.at)), qt(entry.author), qt(entry.from), qt(entry.kind), qt(entry.name), qt(entry.action),
                            QString::number(entry.revision), qt(entry.diff)});
}

} // namespace

AuditExport::AuditExport(gateway::api::Gateway &gateway, QObject *parent) : QObject(parent), m_gateway(gateway) {}

void AuditExport::start(const QString &path, const AuditQuestion &question)
{
    if (running())
        return;
    m_reader = std::make_unique<AuditReader>(m_gateway, question, nullptr);
    m_written = 0;
    m_file = std::make_unique<QSaveFile>(path);
    if (!m_file->open(QIODevice::WriteOnly)) {
        fail(tr("Cannot write %1: %2. Choose another place.").arg(path, m_file->errorString()));
        return;
    }
    m_file->write(bridge::csvLine({u"entry"_s, u"time"_s, u"who"_s, u"from"_s, u"kind"_s, u"name"_s, u"action"_s, u"revision"_s, u"change"_s}));
    askPage(0);
}

void AuditExport::askPage(std::uint64_t before)
{
    m_reader->read(before, [this](const gateway::Result<AuditReader::Page> &page) {
        if (page)
            take(*page);
        else
            fail(tr("The export stopped, nothing was written: %1").arg(bridge::qt(page.error().message)));
    });
}

void AuditExport::take(const AuditReader::Page &page)
{
    QByteArray text;
    for (const gateway::AuditEntry &entry : page.entries)
        text += lineOf(entry);
    if (m_file->write(text) != text.size()) {
        fail(tr("Cannot write the export: %1. Nothing was written.").arg(m_file->errorString()));
        return;
    }
    m_written += page.entries.size();
    if (page.next > 0) {
        askPage(page.next);
        return;
    }
    const QString path = m_file->fileName();
    if (!m_file->commit()) {
        fail(tr("Cannot write %1: %2").arg(path, m_file->errorString()));
        return;
    }
    m_file.reset();
    Q_EMIT finished(path, m_written);
}

void AuditExport::fail(const QString &problem)
{
    m_file.reset();
    Q_EMIT failed(problem);
}

} // namespace ui::settings
