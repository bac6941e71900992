// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/health_tab.h"

#include "ui/bridge/text.h"
#include "ui/panes/provider_health.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStandardItemModel>
#include <QToolTip>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace widgets;

/// Bars of half an hour each: height and colour by their errors; hours below.
class HealthTab::Strip final : public QWidget
{
public:
    Strip()
    {
        setFixedHeight(96);
        setMouseTracking(true);
    }

    void set(const gateway::api::ProviderStrip *strip, gateway::WallTime now)
    {
        m_bins = strip ? strip->bins : std::vector<gateway::api::StripBin> {};
        m_states = strip ? panes::healthBins(*strip) : QList<HealthBin> {};
        m_now = now;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const ThemeColors &c = colorsOf(this);
        QPainter painter(this);
        const QRect plot = plotArea();
        painter.fillRect(plot.left(), plot.bottom() + 1, plot.width(), 1, c.control);
        if (m_states.isEmpty()) {
            painter.setFont(textFont(12));
            painter.setPen(c.muted);
            painter.drawText(plot, Qt::AlignCenter, tr("No call in the last 24 hours is known."));
            return;
        }
        const double pitch = double(plot.width()) / double(m_states.size());
        for (qsizetype i = 0; i < m_states.size(); ++i) {
            int height = 3;
            QColor color = c.line;
            switch (m_states[i].state) {
            case HealthBin::State::Silent: break;
            case HealthBin::State::Ok: height = plot.height() / 2; color = blended(c.surface, c.ok, 0.55); break;
            case HealthBin::State::Warning: height = plot.height() * 3 / 4; color = c.warn; break;
            case HealthBin::State::Failing: height = plot.height(); color = c.err; break;
            }
            painter.fillRect(QRectF(plot.left() + double(i) * pitch, plot.bottom() + 1 - height, pitch - 1, height), color);
        }
        painter.setFont(textFont(11));
        painter.setPen(c.muted);
        for (int hours = 24; hours >= 0; hours -= 6) {
            const int x = plot.left() + plot.width() * (24 - hours) / 24;
            const QString text = hours == 0 ? tr("now") : hourMinute(m_now - std::chrono::hours(hours));
            const Qt::Alignment align = hours == 24 ? Qt::AlignLeft : hours == 0 ? Qt::AlignRight : Qt::AlignHCenter;
            const QRect where(hours == 24 ? x : hours == 0 ? x - 60 : x - 30, plot.bottom() + 6, 60, 14);
            painter.drawText(where, int(align | Qt::AlignVCenter), text);
        }
    }

    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::ToolTip || m_bins.empty())
            return QWidget::event(event);
        const auto *help = static_cast<QHelpEvent *>(event);
        const QRect plot = plotArea();
        const auto at = static_cast<qsizetype>((help->pos().x() - plot.left()) * qsizetype(m_bins.size()) / std::max(1, plot.width()));
        if (at >= 0 && at < qsizetype(m_bins.size())) {
            const auto &bin = m_bins[static_cast<std::size_t>(at)];
            QToolTip::showText(help->globalPos(), tr("%1 attempts, %2 errors, %3 rate limited").arg(bin.attempts).arg(bin.errors).arg(bin.rateLimited), this);
        }
        return true;
    }

private:
    [[nodiscard]] QRect plotArea() const { return rect().adjusted(12, 4, -12, -26); }

    std::vector<gateway::api::StripBin> m_bins;
    QList<HealthBin> m_states;
    gateway::WallTime m_now {};
};

namespace {

/// A figure that is off those of the target's peers carries a mark, and says theirs.
void markOffPeers(const gateway::api::PeerFigures &peers, QStandardItem &p95, QStandardItem &errors)
{
    const auto mark = [](QStandardItem &cell, const QString &why) {
        cell.setData(int(Icon::ArrowUp), CellIcon);
        cell.setData(int(Role::Warn), CellIconRole);
        cell.setToolTip(why);
        cell.setData(u"%1, %2"_s.arg(cell.text(), why), Qt::AccessibleTextRole);
    };
    if (peers.slower)
        mark(p95, HealthTab::tr("slower than others of its routes: their p95 is %1").arg(latency(peers.p95)));
    if (peers.failsMore)
        mark(errors, HealthTab::tr("more errors than others of its routes: theirs are %1").arg(share(peers.errorRate)));
}

} // namespace

HealthTab::HealthTab(QWidget *parent) : QWidget(parent), m_strip(new Strip), m_summary(new Label(Label::Kind::Secondary)), m_probe(new Label(Label::Kind::Secondary)), m_model(new QStandardItemModel(this)), m_table(new TableView(RowHeight::List))
{
    auto *day = new Card(tr("Last 24 hours"), tr("each bar half an hour; higher is worse"));
    m_summary->setContentsMargins(12, 0, 12, 10);
    day->body()->addWidget(m_strip);
    day->body()->addWidget(m_summary);
    auto *now = new Card(tr("Now"), tr("by model and key"));
    m_table->setObjectName(u"providers.health"_s);
    m_table->setAccessibleName(tr("Health by model and key"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setRowLines(true);
    auto *none = new Label(Label::Kind::Secondary, tr("Nothing was asked of it since the start."));
    none->setContentsMargins(12, 4, 12, 12);
    m_none = none;
    now->body()->addWidget(m_table, 1);
    now->body()->addWidget(m_none);
    m_probe->setObjectName(u"providers.health.probe"_s);
    m_probe->setContentsMargins(12, 4, 12, 10);
    m_probe->setWordWrap(true);
    m_probe->hide();
    now->body()->addWidget(m_probe);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(12);
    column->addWidget(day);
    column->addWidget(now);
    column->addStretch(1);
    m_model->setHorizontalHeaderLabels({tr("Model"), tr("Key"), tr("Circuit"), tr("rps"), tr("p95"), tr("Errors"), tr("Last used")});
    m_table->setColumnWidths({0, 72, 172, 56, 72, 72, 84});
}

void HealthTab::show(const gateway::config::Provider &provider, const gateway::api::ProviderStrip *strip, const std::vector<gateway::api::TargetHealth> &health, gateway::WallTime now)
{
    m_strip->set(strip, now);
    m_summary->setText(strip && strip->attempts > 0
            ? tr("%1 attempts · %2 errors (%3) · %4 rate limited · p95 %5").arg(count(strip->attempts), count(strip->errors), share(strip->errors, strip->attempts), count(strip->rateLimited), latency(strip->p95Us))
            : QString());
    m_summary->setVisible(!m_summary->text().isEmpty());
    m_model->removeRows(0, m_model->rowCount());
    for (const auto &one : health) {
        if (one.provider != provider.name)
            continue;
        const auto figures = bridge::figuresOf({one}, one.provider, one.model);
        const CredentialWords words = credentialWords(figures, now);
        QList<QStandardItem *> row;
        for (const QString &text : {bridge::qt(one.model), one.credential.empty() ? unknownText() : bridge::qt(one.credential),
                 words.strong.isEmpty() ? (words.role == Role::Ok ? tr("closed") : words.words) : tr("%1 %2").arg(words.strong, words.words).trimmed(), rate(one.callsPerSecond), latency(one.p95),
                 one.lastUsed ? share(one.errorRate) : unknownText(), one.lastUsed ? ago(*one.lastUsed, now) : tr("not yet")})
            row << new QStandardItem(text);
        row[0]->setData(true, CellStrong);
        if (one.peers)
            markOffPeers(*one.peers, *row[4], *row[5]);
        row[2]->setData(int(words.icon), CellIcon);
        row[2]->setData(int(words.role), CellIconRole);
        for (const int right : {3, 4, 5})
            row[right]->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_model->appendRow(row);
    }
    const int rows = m_model->rowCount();
    for (const int right : {3, 4, 5})
        m_model->horizontalHeaderItem(right)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->setVisible(rows > 0);
    m_none->setVisible(rows == 0);
    m_table->setFixedHeight(28 + std::min(rows, 10) * 28);
}

void HealthTab::showProbe(const gateway::api::ProviderHealth *probe, gateway::WallTime now)
{
    m_probe->setVisible(probe);
    if (!probe)
        return;
    const QString asked = probe->model.empty() ? tr("its list of models") : bridge::qt(probe->model);
    QString text = probe->answers ? tr("Probe of %1, %2: answers after %3.").arg(asked, ago(probe->at, now), latency(std::optional(probe->took)))
                                  : tr("Probe of %1, %2: failed, %3 in a row.").arg(asked, ago(probe->at, now)).arg(probe->failuresInRow);
    if (!probe->words.empty())
        text += u' ' + bridge::qt(probe->words);
    m_probe->setText(text);
}

} // namespace ui::providers
