// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_export.h"

#include "ui/bridge/csv.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/widgets/format.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::CallRecord;

QString utc(gateway::WallTime at) { return QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count(), Qt::UTC).toString(Qt::ISODateWithMs); }

QString number(std::int64_t value) { return QString::number(value); }

QString lostNames(const CallRecord &record)
{
    QStringList names;
    for (const gateway::Loss &loss : record.losses)
        names.append(qt(loss.what));
    return names.join(u',');
}

constexpr const char *csvHeader = "id,time,endpoint,team,key,customer,session,tags,asked,route,provider,model,path,state,status,error,message,stream,"
                                  "ttft_ms,latency_ms,tokens_in,tokens_cached,tokens_out,tokens_estimated,cost_usd,peer,trace,provider_format,lost,decisions\r\n";

QByteArray csvLine(const CallRecord &record)
{
    const QString millis = QString::number(double(record.latencyUs) / 1000, 'f', 3);
    const QStringList cells {qt(record.id), utc(record.startedAt), qt(gateway::toText(record.endpoint)), qt(record.team), qt(record.key), qt(record.customer), qt(record.session), qt(record.tags),
        qt(record.askedModel), qt(record.route), qt(record.provider), qt(record.model), record.attempts.empty() ? QString() : pathWords(record), qt(gateway::toText(record.status)),
        number(record.httpStatus), record.error ? qt(gateway::toText(*record.error)) : QString(), qt(record.errorMessage), record.stream ? u"true"_s : u"false"_s,
        record.firstByteUs < 0 ? QString() : QString::number(double(record.firstByteUs) / 1000, 'f', 3), millis, number(record.usage.input), number(record.usage.cachedInput),
        number(record.usage.output), record.usage.estimated ? u"true"_s : u"false"_s, record.cost ? qt(record.cost->toDecimal()) : QString(), qt(record.peer), qt(record.trace),
        qt(record.providerFormat), lostNames(record), qt(record.decisions)};
    return bridge::csvLine(cells);
}

QJsonValue orNull(bool known, const QJsonValue &value) { return known ? value : QJsonValue(QJsonValue::Null); }

QByteArray jsonLine(const CallRecord &record)
{
    QJsonArray attempts;
    for (const gateway::AttemptRecord &attempt : record.attempts)
        attempts.append(QJsonObject {{u"provider"_s, qt(attempt.provider)}, {u"ok"_s, attempt.ok}, {u"skipped"_s, attempt.skipped}, {u"status"_s, attempt.httpStatus},
            {u"error"_s, orNull(!attempt.ok, qt(gateway::toText(attempt.error)))}});
    QJsonArray lost;
    for (const gateway::Loss &loss : record.losses)
        lost.append(QJsonObject {{u"what"_s, qt(loss.what)}, {u"why"_s, qt(loss.why)}});
    QJsonObject line {{u"id"_s, qt(record.id)}, {u"time"_s, utc(record.startedAt)}, {u"endpoint"_s, qt(gateway::toText(record.endpoint))}, {u"team"_s, qt(record.team)}, {u"key"_s, qt(record.key)},
        {u"customer"_s, qt(record.customer)}, {u"session"_s, qt(record.session)}, {u"tags"_s, qt(record.tags)}, {u"asked"_s, qt(record.askedModel)}, {u"route"_s, qt(record.route)},
        {u"provider"_s, qt(record.provider)}, {u"model"_s, qt(record.model)}, {u"state"_s, qt(gateway::toText(record.status))}, {u"status"_s, record.httpStatus},
        {u"error"_s, orNull(record.error.has_value(), record.error ? qt(gateway::toText(*record.error)) : QString())}, {u"message"_s, qt(record.errorMessage)}, {u"stream"_s, record.stream},
        {u"ttft_ms"_s, orNull(record.firstByteUs >= 0, double(record.firstByteUs) / 1000)}, {u"latency_ms"_s, double(record.latencyUs) / 1000},
        {u"tokens"_s, QJsonObject {{u"input"_s, qint64(record.usage.input)}, {u"cached"_s, qint64(record.usage.cachedInput)}, {u"output"_s, qint64(record.usage.output)}, {u"estimated"_s, record.usage.estimated}}},
        {u"cost_usd"_s, orNull(record.cost.has_value(), record.cost ? qt(record.cost->toDecimal()) : QString())}, {u"peer"_s, qt(record.peer)}, {u"trace"_s, qt(record.trace)},
        {u"provider_format"_s, qt(record.providerFormat)}, {u"lost"_s, lost}, {u"decisions"_s, qt(record.decisions)}, {u"attempts"_s, attempts}};
    if (!record.metadata.empty())
        line.insert(u"metadata"_s, QJsonDocument::fromJson(QByteArray::fromStdString(record.metadata)).object());
    return QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

QByteArray CallExport::header(Format format) { return format == Format::Csv ? QByteArray(csvHeader) : QByteArray(); }
QByteArray CallExport::line(Format format, const CallRecord &record) { return format == Format::Csv ? csvLine(record) : jsonLine(record); }

CallExport::CallExport(gateway::api::Gateway *gateway, QObject *parent) : QObject(parent), m_gateway(gateway) { }
CallExport::~CallExport() = default;

void CallExport::start(const QString &path, const Job &job)
{
    if (m_running)
        return;
    m_job = job;
    m_place.reset();
    m_written = 0;
    ++m_run;
    m_file = std::make_shared<QSaveFile>(path);
    if (!m_file->open(QIODevice::WriteOnly)) {
        fail(tr("Cannot write %1: %2. Choose another place.").arg(path, m_file->errorString()));
        return;
    }
    m_file->write(header(m_job.format));
    m_running = true;
    Q_EMIT started();
    askPage();
}

void CallExport::cancel()
{
    if (!m_running)
        return;
    ++m_run; // a page under way is dropped, and with it the last hold on the file, which goes unfinished
    m_running = false;
    m_file.reset();
    Q_EMIT cancelled();
}

void CallExport::askPage()
{
    gateway::CallQuery query;
    query.range = m_job.range;
    query.filter = m_job.filter;
    query.before = m_place;
    m_gateway->calls(query, this, [this, run = m_run](gateway::Result<gateway::CallPage> page) {
        if (run != m_run)
            return;
        if (page)
            write(std::move(page->rows), page->more);
        else
            fail(tr("The export stopped, nothing was written: %1").arg(qt(page.error().message)));
    });
}

void CallExport::write(std::vector<gateway::CallRow> rows, bool more)
{
    if (!rows.empty())
        m_place = rows.back().cursor;
    const auto page = std::make_shared<std::vector<gateway::CallRow>>(std::move(rows));
    QThreadPool::globalInstance()->start([self = QPointer(this), run = m_run, file = m_file, page, more, only = m_job.only, format = m_job.format] {
        QByteArray text;
        quint64 lines = 0;
        for (const gateway::CallRow &row : *page)
            if (only.isEmpty() || only.contains(qt(row.record.id))) {
                text += line(format, row.record);
                ++lines;
            }
        const bool ok = file->write(text) == text.size();
        const QString problem = ok ? QString() : file->errorString();
        QMetaObject::invokeMethod(QCoreApplication::instance(), [self, run, lines, more, ok, problem] {
            if (!self || run != self->m_run)
                return;
            self->m_written += lines;
            if (!ok) {
                self->fail(tr("Cannot write the export: %1. Nothing was written.").arg(problem));
                return;
            }
            Q_EMIT self->progressed();
            const bool allFound = !self->m_job.only.isEmpty() && self->m_written >= quint64(self->m_job.only.size());
            if (more && !allFound)
                self->askPage();
            else
                self->finish();
        });
    });
}

void CallExport::finish()
{
    m_running = false;
    ++m_run;
    const QString path = m_file->fileName();
    if (!m_file->commit()) {
        fail(tr("Cannot write %1: %2").arg(path, m_file->errorString()));
        return;
    }
    m_file.reset();
    Q_EMIT finished(path, m_written);
}

void CallExport::fail(const QString &problem)
{
    ++m_run;
    m_running = false;
    m_file.reset();
    Q_EMIT failed(problem);
}

} // namespace ui::calls
