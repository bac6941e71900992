// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/overview/pin_card.h"

#include "ui/bridge/text.h"
#include "ui/panes/costs/sql_results.h"
#include "ui/panes/pin_dialog.h"
#include "ui/widgets/format.h"
#include "ui/widgets/save_file.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QMenu>
#include <QStackedLayout>

using namespace Qt::StringLiterals;

namespace ui::overview {

using widgets::Icon;
using widgets::themedIcon;

PinCard::PinCard(const panes::PinnedQuery &pin, QWidget *parent) :
    Card(pin.title, {}, parent), m_pin(pin), m_results(new costs::SqlResults), m_banner(new widgets::SectionBanner), m_skeleton(new widgets::SkeletonView(24)), m_stack(new QStackedLayout)
{
    setObjectName(u"overview.pin"_s);
    setToolTip(pin.text);
    m_banner->addRetry();
    m_banner->hide();
    auto *bannerRow = new QVBoxLayout;
    bannerRow->setContentsMargins(12, 0, 12, 0);
    bannerRow->addWidget(m_banner);
    body()->addLayout(bannerRow);
    body()->addLayout(m_stack, 1);
    m_stack->addWidget(m_results);
    m_stack->addWidget(m_skeleton);
    m_results->showChart(m_pin.chart);
    setUpMenu();
    connect(m_banner, &widgets::SectionBanner::retried, this, &PinCard::retried);
    connect(m_results, &costs::SqlResults::callWanted, this, &PinCard::callWanted);
    connect(m_results, &costs::SqlResults::exported, this, [this](const QString &path, quint64) { Q_EMIT told(tr("%1 written").arg(path)); });
    connect(m_results, &costs::SqlResults::exportFailed, this, &PinCard::told);
}

void PinCard::setUpMenu()
{
    m_chartAction = menu()->addAction(themedIcon(Icon::Bars), tr("Show as a chart"));
    m_chartAction->setCheckable(true);
    m_chartAction->setChecked(m_pin.chart);
    connect(m_chartAction, &QAction::triggered, this, &PinCard::setChart);
    connect(menu()->addAction(themedIcon(Icon::Edit), tr("Rename…")), &QAction::triggered, this, &PinCard::rename);
    menu()->addSeparator();
    connect(menu()->addAction(themedIcon(Icon::Download), tr("Export PNG…")), &QAction::triggered, this, [this] {
        widgets::saveFile(this, widgets::pictureOffer(fileName()), [this] { return widgets::toPng(m_results->hasChart() && m_results->chartShown() ? m_results->chartImage() : m_results->grab().toImage()); },
            [this](const QString &words) { Q_EMIT told(words); });
    });
    connect(menu()->addAction(themedIcon(Icon::Download), tr("Export CSV…")), &QAction::triggered, this,
        [this] { widgets::askWhereToSave(this, widgets::tableOffer(fileName()), [this](const QString &path) { m_results->exportTo(path); }); });
    menu()->addSeparator();
    QAction *unpin = menu()->addAction(themedIcon(Icon::Close), tr("Unpin"));
    unpin->setObjectName(u"overview.unpin"_s);
    connect(unpin, &QAction::triggered, this, &PinCard::unpinned);
}

QString PinCard::fileName() const
{
    QString name = m_pin.title.toLower();
    for (QChar &letter : name)
        if (!letter.isLetterOrNumber())
            letter = u'-';
    return name;
}

void PinCard::rename()
{
    auto *dialog = new panes::PinDialog(tr("Rename the card"), tr("Rename"), m_pin.title, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &panes::PinDialog::named, this, [this](const QString &title) {
        m_pin.title = title;
        setTitle(title);
        Q_EMIT changed(m_pin);
    });
    dialog->open();
}

void PinCard::setChart(bool chart)
{
    m_pin.chart = chart;
    m_results->showChart(chart);
    Q_EMIT changed(m_pin);
}

void PinCard::showWaiting()
{
    if (m_results->model().answer() || m_skeleton->waiting())
        return; // what is shown stays until it is replaced
    m_stack->setCurrentWidget(m_skeleton);
    m_skeleton->begin({});
}

void PinCard::showAnswer(const std::shared_ptr<const gateway::SqlAnswer> &answer, gateway::WallTime at)
{
    m_skeleton->end();
    m_banner->hide();
    widgets::setDimmed(m_results, false);
    m_results->setAnswer(answer);
    m_stack->setCurrentWidget(m_results);
    const bool cut = answer->cut != gateway::SqlAnswer::Cut::No;
    setUnit(cut ? tr("the first %1 rows, %2").arg(widgets::count(answer->result.rows()), widgets::hourMinute(at)) : tr("as of %1").arg(widgets::hourMinute(at)));
}

void PinCard::showProblem(const gateway::SqlProblem &problem)
{
    m_skeleton->end();
    m_stack->setCurrentWidget(m_results);
    m_banner->setContent(problem.code == gateway::ErrorCode::BadRequest ? tr("The query does not run") : problem.code == gateway::ErrorCode::Cancelled ? tr("The query was stopped") : tr("The call log cannot be read"), bridge::qt(problem.message));
    m_banner->show();
    widgets::setDimmed(m_results, true);
}

} // namespace ui::overview
