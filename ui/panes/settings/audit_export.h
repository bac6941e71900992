// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/audit_reader.h"

#include <QObject>
#include <QSaveFile>

#include <memory>

namespace ui::settings {

/// Writes the entries that a question finds into a CSV file, page by page. The file appears whole, or not at all. GUI thread;
/// a page is some hundred kilobytes. One at a time.
class AuditExport final : public QObject
{
    Q_OBJECT
public:
    explicit AuditExport(gateway::api::Gateway &gateway, QObject *parent = nullptr);
    void start(const QString &path, const AuditQuestion &question);
    [[nodiscard]] bool running() const { return m_file != nullptr; }

Q_SIGNALS:
    void finished(const QString &path, quint64 entries);
    void failed(const QString &problem);

private:
    void askPage(std::uint64_t before);
    void take(const AuditReader::Page &page);
    void fail(const QString &problem);

    gateway::api::Gateway &m_gateway;
    std::unique_ptr<AuditReader> m_reader;
    std::unique_ptr<QSaveFile> m_file;
    quint64 m_written = 0;
};

} // namespace ui::settings
