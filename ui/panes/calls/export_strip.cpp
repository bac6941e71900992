// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/export_strip.h"

#include "ui/widgets/button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/save_file.h"

#include <QDir>
#include <QHBoxLayout>
#include <QPainter>
#include <QProgressBar>

using namespace Qt::StringLiterals;

namespace ui::calls {

ExportStrip::ExportStrip(CallExport *source, QWidget *parent) :
    QWidget(parent), m_source(source), m_text(new widgets::Label(widgets::Label::Kind::Secondary)), m_bar(new QProgressBar), m_stop(new widgets::Button(tr("Cancel")))
{
    setObjectName(u"calls.exportStrip"_s);
    setFixedHeight(36);
    m_text->setRole(widgets::Role::Text);
    m_text->setObjectName(u"calls.exportText"_s);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_stop->setSmall(true);
    m_stop->setObjectName(u"calls.exportStop"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(12);
    row->addWidget(m_text);
    row->addWidget(m_bar, 1);
    row->addWidget(m_stop);
    hide();
    connect(source, &CallExport::started, this, &ExportStrip::showProgress);
    connect(source, &CallExport::progressed, this, &ExportStrip::showProgress);
    connect(source, &CallExport::finished, this, [this](const QString &path, quint64 calls) {
        showEnd(tr("%1 calls written to %2").arg(widgets::count(calls), QDir::toNativeSeparators(path)), true);
    });
    connect(source, &CallExport::failed, this, [this](const QString &problem) { showEnd(problem, false); });
    connect(source, &CallExport::cancelled, this, [this] { showEnd(tr("Export cancelled, nothing was written."), true); });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_source->running())
            m_source->cancel();
        else
            hide();
    });
}

void ExportStrip::showProgress()
{
    m_good = true;
    const auto written = m_source->written(), expected = m_source->expected();
    m_text->setText(expected > 0 ? tr("Exporting %1 of %2 calls").arg(widgets::count(written), widgets::count(expected)) : tr("Exporting, %1 calls so far").arg(widgets::count(written)));
    m_bar->setRange(0, expected > 0 ? 1000 : 0);
    if (expected > 0)
        m_bar->setValue(int(1000 * qMin(written, expected) / expected));
    m_bar->show();
    m_stop->setText(tr("Cancel"));
    show();
    update();
}

void ExportStrip::showEnd(const QString &text, bool good)
{
    m_good = good;
    m_text->setText(text);
    m_bar->hide();
    m_stop->setText(tr("Close"));
    show();
    update();
}

void ExportStrip::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    painter.fillRect(rect(), m_good ? c.infoBg : c.errBg);
    painter.fillRect(0, height() - 1, width(), 1, c.line);
}

void askWhereToExport(QWidget *parent, CallExport *exports, const CallExport::Job &job)
{
    const bool jsonLines = job.format == CallExport::Format::JsonLines;
    const widgets::SaveOffer offer {ExportStrip::tr("Export calls"), jsonLines ? u"calls.jsonl"_s : u"calls.csv"_s, jsonLines ? ExportStrip::tr("JSON lines (*.jsonl)") : ExportStrip::tr("CSV (*.csv)")};
    widgets::askWhereToSave(parent, offer, [exports, job](const QString &path) { exports->start(path, job); });
}

} // namespace ui::calls
