// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/replay_panel.h"

#include "ui/bridge/text.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/panes/routes/replay_view.h"
#include "ui/widgets/format.h"

#include <QDoubleSpinBox>
#include <QProgressBar>

#include <limits>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace widgets;
using gateway::ReplayQuery;

namespace {

constexpr int panelWidth = 416, progressParts = 1000;

struct RangeOffer
{
    std::chrono::seconds last;
    const char *name; ///< QT_TRANSLATE_NOOP("ui::routes::ReplayPanel", …)
};

constexpr RangeOffer ranges[] {
    {std::chrono::hours {1}, QT_TRANSLATE_NOOP("ui::routes::ReplayPanel", "Last hour")},
    {std::chrono::hours {24}, QT_TRANSLATE_NOOP("ui::routes::ReplayPanel", "Last 24 hours")},
    {std::chrono::days {7}, QT_TRANSLATE_NOOP("ui::routes::ReplayPanel", "Last 7 days")},
    {std::chrono::days {30}, QT_TRANSLATE_NOOP("ui::routes::ReplayPanel", "Last 30 days")},
};

/// `field:"value"` as the filter language quotes it.
QString term(const QString &field, QString value)
{
    value.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return u"%1:\"%2\""_s.arg(field, value);
}

} // namespace

ReplayPanel::ReplayPanel(Now now, QWidget *parent)
    : SidePanel(Icon::Clock, tr("Replay the log"), parent, panelWidth), m_now(std::move(now)), m_range(new QComboBox), m_team(new QComboBox), m_key(new QComboBox), m_sample(new QDoubleSpinBox), m_seed(new QSpinBox),
      m_start(new Button(Button::Kind::Primary, Icon::Play, tr("Replay"))), m_cancel(new Button(Icon::Close, tr("Cancel"))), m_run(new QWidget), m_bar(new QProgressBar), m_progress(new Label(Label::Kind::Secondary)),
      m_what(words({})), m_result(new ReplayView)
{
    setObjectName(u"routes.replay"_s);
    QVBoxLayout *column = addScrolledColumn();
    setUpCalls(column);
    setUpRun(column);
    addLine(column);
    column->addWidget(m_result);
    auto *note = words(tr("Nothing is sent. Every target counts as well and free, and an answer as long as it was; what the log does not tell is an estimate from how each target did in that time."));
    note->setContentsMargins(16, 12, 16, 12);
    column->addWidget(note);
    column->addStretch(1);
    connect(m_result, &ReplayView::callWanted, this, &ReplayPanel::callWanted);
    connect(m_result, &ReplayView::retried, this, &ReplayPanel::begin);
    end();
}

void ReplayPanel::setUpCalls(QVBoxLayout *column)
{
    auto *what = new QVBoxLayout;
    what->setContentsMargins(16, 12, 16, 0);
    what->addWidget(m_what);
    column->addLayout(what);
    FieldGrid grid(column);
    for (const RangeOffer &offered : ranges)
        m_range->addItem(tr(offered.name), qlonglong(offered.last.count()));
    for (const auto &[box, label, name] : {std::tuple {m_range, tr("Calls of"), u"range"_s}, std::tuple {m_team, tr("Team"), u"team"_s}, std::tuple {m_key, tr("Key"), u"key"_s}}) {
        box->setObjectName(u"routes.replay."_s + name);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        grid.add(label, box);
    }
    m_range->setCurrentIndex(1);
    m_sample->setObjectName(u"routes.replay.sample"_s);
    m_sample->setRange(0.01, 100);
    m_sample->setDecimals(2);
    m_sample->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_sample->setSuffix(tr(" % of them"));
    m_sample->setValue(100);
    m_sample->setToolTip(tr("Each call is drawn by itself: the same seed draws the same ones"));
    grid.add(tr("Sample"), m_sample);
    m_seed->setObjectName(u"routes.replay.seed"_s);
    m_seed->setRange(1, std::numeric_limits<int>::max());
    m_seed->setToolTip(tr("Of the sample, and of what plans draw: equal seeds give equal results"));
    grid.add(tr("Seed"), m_seed);
    m_start->setObjectName(u"routes.replay.start"_s);
    grid.addWide(m_start);
    connect(m_start, &QPushButton::clicked, this, &ReplayPanel::begin);
}

void ReplayPanel::setUpRun(QVBoxLayout *column)
{
    m_bar->setObjectName(u"routes.replay.progress"_s);
    m_bar->setAccessibleName(tr("How much of the time has been replayed"));
    m_bar->setRange(0, progressParts);
    m_bar->setTextVisible(false);
    m_cancel->setObjectName(u"routes.replay.cancel"_s);
    m_progress->setObjectName(u"routes.replay.said"_s);
    auto *line = new QHBoxLayout;
    line->addWidget(m_progress, 1);
    line->addWidget(m_cancel);
    auto *rows = new QVBoxLayout(m_run);
    rows->setContentsMargins(16, 0, 16, 12);
    rows->setSpacing(8);
    rows->addWidget(m_bar);
    rows->addLayout(line);
    column->addWidget(m_run);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        end();
        Q_EMIT cancelWanted();
    });
}

void ReplayPanel::setRoute(const QString &name, const QString &through)
{
    if (name != m_route)
        clear();
    m_route = name;
    m_what->setText(tr("Takes logged calls of %1 through %2, without calling anybody.").arg(name, through));
}

void ReplayPanel::setTeams(const QStringList &names) { offer(m_team, tr("any"), names); }
void ReplayPanel::setKeys(const QStringList &names) { offer(m_key, tr("any"), names); }

QString ReplayPanel::filterText() const
{
    QStringList terms;
    if (const QString team = m_team->currentData().toString(); !team.isEmpty())
        terms << term(u"team"_s, team);
    if (const QString key = m_key->currentData().toString(); !key.isEmpty())
        terms << term(u"key"_s, key);
    return terms.join(u' ');
}

ReplayQuery ReplayPanel::query() const
{
    ReplayQuery query;
    const gateway::WallTime now = std::chrono::floor<std::chrono::minutes>(m_now()); // so that the same question asked again is the same
    query.range = {.from = now - std::chrono::seconds(m_range->currentData().toLongLong()), .to = now};
    if (const auto filter = gateway::CallFilter::parse(bridge::utf8(filterText())))
        query.filter = *filter;
    query.routes = {bridge::utf8(m_route)};
    query.sample = m_sample->value() / 100;
    query.seed = static_cast<std::uint64_t>(m_seed->value());
    return query;
}

void ReplayPanel::begin()
{
    m_running = true;
    m_result->clear();
    m_start->setEnabled(false);
    m_bar->setValue(0);
    m_progress->setText(tr("Reading the log…"));
    m_run->show();
    m_cancel->setFocus();
    Q_EMIT replayWanted();
}

void ReplayPanel::end()
{
    m_running = false;
    m_run->hide();
    m_start->setEnabled(true);
}

void ReplayPanel::showProgress(const gateway::ReplayProgress &progress)
{
    if (!m_running)
        return;
    m_bar->setValue(static_cast<int>(progress.done * progressParts));
    m_progress->setText(tr("%1 calls").arg(count(progress.calls)));
}

void ReplayPanel::showReport(const gateway::ReplayReport &report)
{
    end();
    m_result->showReport(report, m_now());
}

void ReplayPanel::showProblem(const gateway::Error &error)
{
    end();
    m_result->showProblem(error.code == gateway::ErrorCode::Invalid ? tr("The plan cannot be used") : tr("The log cannot be replayed"), bridge::qt(error.message));
}

void ReplayPanel::setOld(bool old) { m_result->showOld(old); }

void ReplayPanel::clear()
{
    end();
    m_result->clear();
}

QWidget *ReplayPanel::firstField() { return m_range; }

} // namespace ui::routes
