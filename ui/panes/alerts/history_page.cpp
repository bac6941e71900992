// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/history_page.h"

#include "ui/bridge/text.h"
#include "ui/widgets/button.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::alerts {

using bridge::qt;

HistoryPage::HistoryPage(const Words &words, const QStringList &titles, QWidget *parent)
    : QWidget(parent), m_what(words.what), m_failed(words.failed), m_model(new CellsModel(titles, this)), m_bar(new QHBoxLayout), m_whose(new widgets::SegmentedControl({tr("This alert"), tr("All alerts")})),
      m_table(new widgets::TableView(widgets::RowHeight::Dense)), m_older(new widgets::Button(widgets::Button::Kind::Link, widgets::Icon::None, tr("Show older"))), m_stack(new QStackedWidget), m_list(new QWidget),
      m_empty(new widgets::EmptyState(words.nothing)), m_skeleton(new widgets::SkeletonView), m_banner(new widgets::SectionBanner), m_bannerBox(new QWidget)
{
    const QString name = u"alerts."_s + words.name;
    m_table->setObjectName(name);
    m_table->setAccessibleName(words.title);
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_whose->setObjectName(name + u"Whose"_s);
    m_whose->setAccessibleName(tr("Whose"));
    m_whose->setSmall(true);
    m_older->setObjectName(name + u"Older"_s);
    m_older->setSmall(true);
    m_empty->setPicture(false);
    m_empty->setObjectName(name + u"Nothing"_s);
    m_banner->setObjectName(name + u"Banner"_s);
    m_banner->addRetry();
    m_bar->setContentsMargins(16, 6, 12, 2);
    m_bar->setSpacing(12);
    m_bar->addStretch(1);
    m_bar->addWidget(m_whose);
    auto *bannerLayout = new QVBoxLayout(m_bannerBox);
    bannerLayout->setContentsMargins(16, 8, 12, 8);
    bannerLayout->addWidget(m_banner);
    bannerLayout->addStretch(1);
    auto *list = new QVBoxLayout(m_list);
    list->setContentsMargins(0, 0, 0, 0);
    list->setSpacing(0);
    list->addWidget(m_table, 1);
    list->addWidget(m_older, 0, Qt::AlignHCenter);
    for (QWidget *page : std::initializer_list<QWidget *> {m_list, m_empty, m_skeleton, m_bannerBox})
        m_stack->addWidget(page);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(m_bar);
    column->addWidget(m_stack, 1);
    connect(m_whose, &widgets::SegmentedControl::currentChanged, this, &HistoryPage::ask);
    connect(m_older, &QPushButton::clicked, this, [this] { askFrom(m_last); });
    connect(m_banner, &widgets::SectionBanner::retried, this, &HistoryPage::ask);
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, [this] {
        ++m_question;
        takeError({.code = gateway::ErrorCode::Cancelled, .message = "It was not waited for."});
    });
}

bool HistoryPage::ofAll() const { return m_whose->current() == 1; }

void HistoryPage::setAlert(const std::optional<std::string> &alert)
{
    if (alert.has_value() == m_any && alert.value_or(std::string()) == m_alert)
        return;
    m_any = alert.has_value();
    m_alert = alert.value_or(std::string());
    if (!ofAll()) {
        m_filled = false;
        ask();
    }
}

void HistoryPage::setSeen(bool seen)
{
    m_seen = seen;
    if (seen && m_stale)
        ask();
}

void HistoryPage::ask()
{
    m_stale = true;
    if (m_seen)
        askFrom(0);
}

void HistoryPage::refresh()
{
    if (m_model->rowCount() <= pageSize)
        ask();
}

void HistoryPage::askFrom(std::int64_t before)
{
    m_stale = false;
    ++m_question;
    if (before == 0)
        m_last = 0;
    if (!ofAll() && m_alert.empty()) { // one that was never saved, or none
        forget();
        return takePage(false, 0);
    }
    if (!m_filled) {
        m_skeleton->begin(m_what);
        m_stack->setCurrentWidget(m_skeleton);
    }
    m_older->setEnabled(false);
    askPage({.alert = ofAll() ? std::string() : m_alert, .before = before, .limit = pageSize}, m_question);
}

void HistoryPage::takePage(bool more, std::int64_t last)
{
    m_skeleton->end();
    m_filled = true;
    m_last = last;
    m_model->show(rows());
    m_older->setVisible(more);
    m_older->setEnabled(true);
    m_stack->setCurrentWidget(m_model->rowCount() > 0 ? m_list : static_cast<QWidget *>(m_empty));
}

void HistoryPage::takeError(const gateway::Error &error)
{
    m_skeleton->end();
    m_filled = false;
    m_banner->setContent(m_failed, qt(error.message));
    m_stack->setCurrentWidget(m_bannerBox);
}

} // namespace ui::alerts
