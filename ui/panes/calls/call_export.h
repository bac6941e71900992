// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QObject>
#include <QSet>

#include <memory>

class QSaveFile;

namespace ui::calls {

/// Writes the calls of a range and a filter to a file, page by page in the background: the gateway reads, a pool thread
/// formats and writes. Bodies are not exported. The file appears whole, or not at all. GUI thread.
class CallExport final : public QObject
{
    Q_OBJECT
public:
    enum class Format { Csv, JsonLines };
    struct Job
    {
        Format format = Format::Csv;
        gateway::TimeRange range;
        gateway::CallFilter filter;
        QSet<QString> only;          ///< call ids; empty: all that are found
        std::uint64_t expected = 0;  ///< for the progress; 0: not known
    };

    explicit CallExport(gateway::api::Gateway *gateway, QObject *parent = nullptr);
    ~CallExport() override;

    void start(const QString &path, const Job &job);
    void cancel();
    [[nodiscard]] bool running() const { return m_running; }
    [[nodiscard]] std::uint64_t written() const { return m_written; }
    [[nodiscard]] std::uint64_t expected() const { return m_job.expected; }

    static QByteArray header(Format format);
    static QByteArray line(Format format, const gateway::CallRecord &record);

Q_SIGNALS:
    void started();
    void progressed();
    void finished(const QString &path, quint64 calls);
    void failed(const QString &problem);
    void cancelled();

private:
    void askPage();
    void write(std::vector<gateway::CallRow> rows, bool more);
    void finish();
    void fail(const QString &problem);

    gateway::api::Gateway *m_gateway;
    Job m_job;
    std::shared_ptr<QSaveFile> m_file; ///< used by one pool job at a time, never while GUI code touches it
    std::optional<gateway::CallCursor> m_place;
    std::uint64_t m_written = 0;
    quint64 m_run = 0;
    bool m_running = false;
};

} // namespace ui::calls
