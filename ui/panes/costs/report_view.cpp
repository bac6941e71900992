// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/report_view.h"

#include "ui/bridge/text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

#include <QApplication>
#include <QComboBox>
#include <QDateEdit>
#include <QFileInfo>
#include <QLabel>
#include <QPointer>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedLayout>
#include <QThreadPool>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::costs {

using bridge::qt;
using bridge::utf8;
using gateway::ReportTime;
using gateway::api::MadeReport;

namespace {

constexpr double shownSize = 0.86; // pixels a point
enum Format { Pdf, Html };

QString endingOf(int format)
{
    return format == Pdf ? u"pdf"_s : u"html"_s;
}

} // namespace

void ReportView::askSoon()
{
    m_save->setEnabled(false);
    m_pace->start();
}

void ReportView::fillTimes()
{
    const bool days = m_kind->currentIndex() == int(ReportTime::Kind::Days);
    m_when->setVisible(!days);
    m_first->setVisible(days);
    m_last->setVisible(days);
    if (days)
        return;
    const auto kind = ReportTime::Kind(m_kind->currentIndex());
    const std::string &zone = m_gateway.config()->gateway.timeZone;
    const QSignalBlocker quiet(m_when);
    m_when->clear();
    const int count = kind == ReportTime::Kind::Week ? 53 : 25;
    ReportTime time = gateway::reportTimeAt(kind, m_view.now(), zone);
    for (int i = 0; i < count; ++i) {
        const QString words = kind == ReportTime::Kind::Week ? tr("Week %1 · %2").arg(qt(time.id.substr(6)), qt(time.dates)) : qt(time.words);
        m_when->addItem(i == 0 ? tr("%1 (so far)").arg(words) : words, qt(time.id));
        time = gateway::reportTimeAt(kind, time.from() - std::chrono::hours(1), zone);
    }
    m_when->setCurrentIndex(1); // the last one that is over
}

gateway::Result<ReportTime> ReportView::time() const
{
    const std::string &zone = m_gateway.config()->gateway.timeZone;
    const auto day = [](const QDateEdit *edit) { return utf8(edit->date().toString(Qt::ISODate)); };
    switch (ReportTime::Kind(m_kind->currentIndex())) {
    case ReportTime::Kind::Week: return gateway::reportWeek(utf8(m_when->currentData().toString()), zone);
    case ReportTime::Kind::Month: return gateway::reportMonth(utf8(m_when->currentData().toString()), zone);
    case ReportTime::Kind::Days: break;
    }
    return gateway::reportDays(day(m_first), day(m_last), zone);
}

void ReportView::ask()
{
    m_pace->stop();
    ++m_generation;
    m_made.reset();
    m_save->setEnabled(false);
    m_banner->hide();
    auto asked = time();
    if (!asked)
        return take(std::unexpected(asked.error()));
    m_stack->setCurrentWidget(m_waiting);
    m_pages.reset();
    showPage(0);
    m_waiting->begin(tr("Gathering the report"));
    gateway::ReportQuery query {.time = std::move(*asked)};
    if (m_team->currentIndex() > 0)
        query.team = utf8(m_team->currentData().toString());
    m_tools.report(
        std::move(query), this,
        [this, generation = m_generation](gateway::ReportProgress progress) {
            if (generation == m_generation && progress.all > 0)
                m_waiting->setProgress(double(progress.done) / double(progress.all));
        },
        [this, generation = m_generation](const gateway::Result<MadeReport> &answer) {
            if (generation == m_generation)
                take(answer);
        });
}

void ReportView::cancel()
{
    ++m_generation;
    m_tools.cancel(this);
    m_waiting->end();
    m_banner->setKind(widgets::SectionBanner::Kind::Info);
    m_banner->setContent(tr("Cancelled. Choose something else, or try again."));
    m_banner->show();
    m_stack->setCurrentWidget(m_scroll);
    m_pages.reset();
    showPage(0);
}

void ReportView::take(const gateway::Result<MadeReport> &answer)
{
    m_waiting->end();
    m_stack->setCurrentWidget(m_scroll);
    m_pages.reset();
    if (!answer) {
        m_banner->setKind(widgets::SectionBanner::Kind::Error);
        m_banner->setContent(tr("The report cannot be made"), qt(answer.error().message));
        m_banner->show();
        return showPage(0);
    }
    m_made = *answer;
    m_pages = std::make_shared<const reports::SheetPages>(m_made->sheet);
    m_save->setEnabled(true);
    showPage(0);
}

void ReportView::showPage(int page)
{
    const int count = m_pages ? m_pages->count() : 0;
    m_page = qBound(0, page, std::max(0, count - 1));
    m_back->setEnabled(m_page > 0);
    m_forth->setEnabled(m_page + 1 < count);
    m_number->setText(count == 0 ? QString() : tr("Page %1 of %2").arg(m_page + 1).arg(count));
    m_picture->setVisible(count > 0);
    if (count == 0)
        return;
    const double ratio = devicePixelRatioF();
    QImage image = m_pages->picture(m_page, shownSize * ratio);
    image.setDevicePixelRatio(ratio);
    m_picture->setPixmap(QPixmap::fromImage(image));
    m_picture->resize(image.deviceIndependentSize().toSize());
    m_picture->setAccessibleName(tr("Page %1 of the report %2").arg(m_page + 1).arg(qt(m_made ? m_made->sheet.title : std::string())));
    m_scroll->verticalScrollBar()->setValue(0);
}

void ReportView::save()
{
    if (!m_made)
        return;
    const QString name = qt(m_made->sheet.fileName) + u'.' + endingOf(m_format->current());
    widgets::askWhereToSave(this, {tr("Save the report"), m_savedIn.isEmpty() ? name : m_savedIn + u'/' + name, m_format->current() == Pdf ? tr("Documents (*.pdf)") : tr("Web pages (*.html)")}, [this](const QString &path) { saveTo(path); });
}

void ReportView::saveTo(const QString &path)
{
    if (!m_made || !m_pages)
        return;
    if (m_format->current() == Html)
        return write(path, QByteArray::fromStdString(m_made->html));
    m_save->setEnabled(false);
    QThreadPool::globalInstance()->start([self = QPointer(this), pages = m_pages, path] { // many teams are many pages
        gateway::Result<std::string> drawn = pages->pdf();
        QMetaObject::invokeMethod(
            qApp,
            [self, path, drawn = std::move(drawn)] {
                if (!self)
                    return;
                self->m_save->setEnabled(self->m_made.has_value());
                if (drawn)
                    self->write(path, QByteArray::fromStdString(*drawn));
                else
                    self->m_view.toast(qt(drawn.error().message));
            },
            Qt::QueuedConnection);
    });
}

void ReportView::write(const QString &path, const QByteArray &bytes)
{
    const QString problem = widgets::writeWhole(path, bytes);
    if (problem.isEmpty()) {
        m_savedIn = QFileInfo(path).absolutePath();
        m_folder->setEnabled(true);
    }
    m_view.toast(problem.isEmpty() ? tr("%1 written").arg(path) : problem);
}

} // namespace ui::costs
