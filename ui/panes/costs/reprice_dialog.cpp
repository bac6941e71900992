// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/costs/reprice_dialog.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/cost_periods.h"
#include "ui/panes/costs/reprice_model.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHeaderView>
#include <QLocale>
#include <QProgressBar>
#include <QStackedLayout>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::costs {
namespace {

using gateway::RepriceRun;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::SectionBanner;

constexpr int lookEveryMs = 400;

} // namespace

RepriceDialog::RepriceDialog(gateway::api::RepriceTools &tools, gateway::RepriceQuery query, const QString &words, const QTimeZone &zone, QWidget *parent) :
    Dialog(Icon::Refresh, widgets::Role::Accent, tr("Calls by the prices of now"), parent), m_tools(tools), m_query(std::move(query)), m_zone(zone), m_stack(new QStackedLayout), m_banner(new SectionBanner),
    m_sentence(new SectionBanner(SectionBanner::Kind::Info)), m_empty(new widgets::EmptyState(tr("Nothing changes: every call of this time has the cost that it would have now."))), m_waiting(new widgets::SkeletonView),
    m_model(new RepriceModel(this)), m_table(new widgets::TableView), m_progress(new QProgressBar), m_last(new Label(Label::Kind::Secondary)), m_pace(new QTimer(this))
{
    setObjectName(u"costs.reprice"_s);
    setSubtitle(tr("%1. A second figure beside the logged one: what was logged, budgets and spend stay as they are.").arg(words));
    setMinimumSize(820, 460);
    m_banner->setObjectName(u"costs.reprice.banner"_s);
    m_banner->addRetry();
    m_banner->hide();
    connect(m_banner, &SectionBanner::retried, this, [this] {
        preview();
        look();
    });
    m_empty->setPicture(false);
    connect(m_waiting, &widgets::SkeletonView::cancelled, this, &QDialog::reject);
    connect(this, &QDialog::finished, this, [this] { m_tools.cancelPreview(this); }); // it may look at the whole log: nobody waits for that any more
    auto *stacked = new QWidget;
    stacked->setLayout(m_stack);
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(makeResult());
    m_stack->addWidget(m_waiting);
    m_stack->addWidget(m_empty);
    m_last->setObjectName(u"costs.reprice.last"_s);
    m_last->setWordWrap(true);
    body()->addWidget(m_banner);
    body()->addWidget(stacked, 1);
    body()->addWidget(m_progress);
    body()->addWidget(m_last);
    m_undo = addLeftButton(Button::Kind::Plain, tr("Undo the last one"));
    m_undo->setObjectName(u"costs.reprice.undo"_s);
    m_undo->setEnabled(false);
    connect(m_undo, &QPushButton::clicked, this, &RepriceDialog::undo);
    connect(addButton(Button::Kind::Plain, tr("Close")), &QPushButton::clicked, this, &QDialog::accept);
    m_start = addButton(Button::Kind::Primary, tr("Price again"));
    m_start->setObjectName(u"costs.reprice.start"_s);
    m_start->setEnabled(false);
    connect(m_start, &QPushButton::clicked, this, &RepriceDialog::start);
    m_pace->setSingleShot(true);
    m_pace->setInterval(lookEveryMs);
    connect(m_pace, &QTimer::timeout, this, &RepriceDialog::look);
    preview();
    look();
}

QWidget *RepriceDialog::makeResult()
{
    auto *result = new QWidget;
    auto *column = new QVBoxLayout(result);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_sentence->setObjectName(u"costs.reprice.sentence"_s);
    m_table->setObjectName(u"costs.reprice.models"_s);
    m_table->setAccessibleName(tr("What changes, by model"));
    m_table->setModel(m_model);
    m_table->setRowLines(true);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setColumnWidths({0, 90, 90, 90, 90, 120, 120});
    m_progress->setObjectName(u"costs.reprice.progress"_s);
    m_progress->setAccessibleName(tr("Priced again"));
    m_progress->setRange(0, 1000);
    m_progress->hide();
    column->addWidget(m_sentence);
    column->addWidget(m_table, 1);
    return result;
}

void RepriceDialog::preview()
{
    m_banner->hide();
    m_start->setEnabled(false);
    m_stack->setCurrentWidget(m_waiting);
    m_waiting->begin(tr("Pricing the calls by way of trial"));
    m_tools.preview(m_query, this, [this, generation = ++m_generation](const gateway::Result<gateway::RepricePreview> &answer) {
        if (generation != m_generation)
            return;
        m_waiting->end();
        m_stack->setCurrentIndex(0);
        if (answer)
            take(*answer);
        else
            showError(tr("The calls cannot be read"), answer.error());
    });
}

void RepriceDialog::take(gateway::RepricePreview preview)
{
    const gateway::RepriceFigures total = preview.total;
    m_model->setPreview(std::move(preview));
    m_start->setEnabled(total.changed > 0 && m_running == 0);
    if (total.changed == 0 && total.unknown == 0)
        return m_stack->setCurrentWidget(m_empty);
    QStringList more;
    if (total.firstPriced > 0)
        more.append(tr("%1 of these had no price.").arg(widgets::count(total.firstPriced)));
    if (total.unknown > 0)
        more.append(tr("%1 calls keep what they have: a price of theirs is not known now, or they may have sound in them, which the log does not tell apart.").arg(widgets::count(total.unknown)));
    m_sentence->setContent(tr("%1 of %2 calls change: %3 instead of %4").arg(widgets::count(total.changed), widgets::count(total.looked), widgets::money(total.after), widgets::money(total.before)), more.join(u' '));
}

void RepriceDialog::start()
{
    m_start->setEnabled(false);
    m_tools.start(m_query, {}, this, [this](const gateway::Result<std::int64_t> &run) {
        if (!run) {
            m_start->setEnabled(true);
            return showError(tr("The calls cannot be priced again"), run.error());
        }
        m_running = *run;
        m_progress->setValue(0);
        m_progress->show();
        look();
    });
}

void RepriceDialog::look()
{
    m_tools.runs(this, [this](const gateway::Result<std::vector<RepriceRun>> &runs) {
        if (runs)
            takeRuns(*runs);
        else
            showError(tr("The re-pricings cannot be read"), runs.error());
    });
}

void RepriceDialog::takeRuns(const std::vector<RepriceRun> &runs)
{
    const auto latest = std::ranges::find_if(runs, [](const RepriceRun &run) { return run.state != RepriceRun::State::Dropping; });
    const bool dropping = latest != runs.begin();
    const bool running = latest != runs.end() && latest->state == RepriceRun::State::Running;
    m_undoable = latest == runs.end() ? 0 : latest->id;
    m_undo->setEnabled(m_undoable != 0);
    m_undo->setText(running ? tr("Stop") : tr("Undo the last one"));
    m_progress->setVisible(running);
    if (running)
        m_start->setEnabled(false);
    if (latest == runs.end()) {
        m_last->setText(dropping ? tr("The undone one is being taken away. %1").arg(bridge::qt(runs.front().problem)) : tr("Nothing was priced again yet."));
    } else if (running) {
        m_progress->setValue(int(latest->done * 1000));
        m_last->setText(tr("%1 calls looked at, %2 change. It goes on when this is closed; nothing shows before all are done. %3").arg(widgets::count(latest->figures.looked), widgets::count(latest->figures.changed), bridge::qt(latest->problem)).trimmed());
    } else {
        const QString at = QLocale().toString(inZone(latest->at, m_zone), u"d MMM yyyy HH:mm"_s);
        m_last->setText(tr("The last one, of %1%2: %3 calls, %4 instead of %5.")
                            .arg(at, latest->filter.empty() ? QString() : tr(", %1").arg(bridge::qt(latest->filter)), widgets::count(latest->figures.changed), widgets::money(latest->figures.after), widgets::money(latest->figures.before)));
    }
    if (running || dropping)
        m_pace->start();
    const bool over = (m_running != 0 && !running) || (m_dropping && !dropping);
    m_running = running ? latest->id : 0;
    m_dropping = dropping;
    if (over) {
        Q_EMIT changed();
        preview(); // what is left to change
    }
}

void RepriceDialog::undo()
{
    m_undo->setEnabled(false);
    m_tools.drop(m_undoable, this, [this](const gateway::Result<bool> &dropped) {
        if (!dropped)
            showError(tr("The re-pricing cannot be undone"), dropped.error());
        m_dropping = dropped.has_value();
        look();
    });
}

void RepriceDialog::showError(const QString &headline, const gateway::Error &error)
{
    m_banner->setContent(headline, bridge::qt(error.message));
    m_banner->show();
}

} // namespace ui::costs
