// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/facet_strip.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/facet_delegate.h"
#include "ui/panes/calls/facet_words.h"
#include "ui/panes/calls/filter_choice.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStandardItemModel>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;

constexpr int slowMs = 150;
/// Open at first: what is looked at most.
constexpr std::array<std::string_view, 7> openFields {"state", "error", "status", "team", "route", "model", "provider"};

} // namespace

FacetStrip::FacetStrip(gateway::api::CallTools *tools, bridge::ViewContext *view, QWidget *parent) :
    QWidget(parent), m_tools(tools), m_view(view), m_tree(new QTreeView), m_model(new QStandardItemModel(this)), m_note(new widgets::Label(widgets::Label::Kind::Note)), m_slow(new QTimer(this))
{
    m_tree->setObjectName(u"calls.facets"_s);
    m_tree->setAccessibleName(tr("Values of the calls found"));
    m_tree->setModel(m_model);
    m_tree->setItemDelegate(new FacetDelegate(this));
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(14);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->viewport()->installEventFilter(this);
    m_tree->installEventFilter(this);
    m_note->setObjectName(u"calls.facetNote"_s);
    m_note->setWordWrap(true);
    m_note->setContentsMargins(12, 6, 8, 6);
    for (const std::string_view field : gateway::facetFields) {
        auto *item = new QStandardItem(facetTitle(qt(field)));
        item->setData(qt(field), FacetField);
        item->setSelectable(false);
        m_model->appendRow(item);
        m_tree->setExpanded(item->index(), std::ranges::find(openFields, field) != openFields.end());
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addWidget(m_note);
    column->addWidget(m_tree, 1);
    setMinimumWidth(150);
    m_slow->setSingleShot(true);
    m_slow->setInterval(slowMs);
    connect(m_slow, &QTimer::timeout, this, &FacetStrip::showNote);
    connect(m_view, &bridge::ViewContext::filterChanged, this, &FacetStrip::showChoices);
}

void FacetStrip::ask(const gateway::TimeRange &range, const gateway::CallFilter &filter)
{
    gateway::FacetQuery query;
    query.range = range;
    query.filter = filter;
    const QString text = qt(filter.text());
    for (const std::string_view field : gateway::facetFields) {
        if (choiceOf(text, qt(field)).empty())
            continue;
        if (auto other = gateway::CallFilter::parse(bridge::utf8(withChoice(text, qt(field), {}))))
            query.others.push_back({std::string(field), std::move(*other)});
    }
    m_asking = true;
    m_slow->start();
    m_tools->facets(std::move(query), this, [this, generation = ++m_generation](const gateway::Result<gateway::CallFacets> &facets) {
        if (generation != m_generation)
            return;
        m_asking = false;
        m_slow->stop();
        m_problem = facets ? QString() : qt(facets.error().message);
        if (facets)
            show(*facets);
        widgets::setDimmed(m_tree, !facets);
        showNote();
    });
}

void FacetStrip::cancel()
{
    ++m_generation;
    m_slow->stop();
    if (std::exchange(m_asking, false))
        m_tools->cancel(this);
    showNote();
}

void FacetStrip::show(const gateway::CallFacets &facets)
{
    m_facets = facets;
    m_answered = true;
    for (const gateway::CallFacet &facet : m_facets.facets) {
        for (int row = 0; row < m_model->rowCount(); ++row) {
            if (QStandardItem *item = m_model->item(row); item->data(FacetField).toString() == qt(facet.field))
                showFacet(item, facet);
        }
    }
}

/// In place: what is chosen and where the view stands do not move.
void FacetStrip::showFacet(QStandardItem *field, const gateway::CallFacet &facet)
{
    const QString name = qt(facet.field);
    const FieldChoice choice = choiceOf(qt(m_view->filter().text()), name);
    QList<std::pair<QString, std::optional<std::uint64_t>>> values;
    for (const gateway::FieldValue &value : facet.values)
        values.append({qt(value.value), value.calls});
    for (const QString &value : choice.included + choice.excluded) {
        if (std::ranges::find(values, value, &std::pair<QString, std::optional<std::uint64_t>>::first) == values.end())
            values.append({value, facet.more == 0 && facet.complete ? std::optional<std::uint64_t>(0) : std::nullopt});
    }
    const int more = facet.more > 0 ? 1 : 0;
    while (field->rowCount() > values.size() + more)
        field->removeRow(field->rowCount() - 1);
    while (field->rowCount() < values.size() + more)
        field->appendRow(new QStandardItem);
    std::uint64_t most = 0;
    for (const auto &[value, calls] : values)
        most = std::max(most, calls.value_or(0));
    for (int row = 0; row < values.size(); ++row) {
        const auto &[value, calls] = values.at(row);
        QStandardItem *item = field->child(row);
        const FacetChoiceOf chosen = choice.included.contains(value) ? FacetChoiceOf::Included : choice.excluded.contains(value) ? FacetChoiceOf::Excluded : FacetChoiceOf::None;
        const QString count = !calls ? widgets::unknownText() : widgets::count(*calls) + (facet.complete ? QString() : u"+"_s);
        item->setText(facetValue(name, value));
        item->setData(name, FacetField);
        item->setData(value, FacetValueRole);
        item->setData(count, FacetCount);
        item->setData(most > 0 ? double(calls.value_or(0)) / double(most) : 0.0, FacetShare);
        item->setData(int(chosen), FacetChosen);
        item->setSelectable(true);
        const QString share = facet.complete && calls ? tr("%1 of %2 calls").arg(widgets::share(*calls, facet.calls), widgets::count(facet.calls)) : tr("at least, of the newest calls");
        item->setToolTip(tr("%1: %2 calls, %3\nClick: show only these. Alt+click or right button: leave them out.").arg(item->text(), count, share));
        item->setAccessibleText(tr("%1, %2 calls%3").arg(item->text(), count, chosen == FacetChoiceOf::Included ? tr(", shown") : chosen == FacetChoiceOf::Excluded ? tr(", left out") : QString()));
    }
    if (more > 0) {
        QStandardItem *item = field->child(int(values.size()));
        item->setText(tr("%1 more").arg(widgets::count(facet.more)));
        item->setData({}, FacetField);
        item->setData({}, FacetCount);
        item->setData(0.0, FacetShare);
        item->setData(int(FacetChoiceOf::None), FacetChosen);
        item->setSelectable(false);
        item->setToolTip(tr("Type %1: in the filter for the others").arg(name));
    }
    if (!choice.empty())
        m_tree->setExpanded(field->index(), true);
    field->setData(!values.isEmpty() ? QString() : facet.complete ? tr("no calls") : widgets::unknownText(), FacetCount);
}

void FacetStrip::showChoices()
{
    if (m_answered)
        show(gateway::CallFacets(m_facets));
}

void FacetStrip::showNote()
{
    m_note->setRole(m_problem.isEmpty() ? widgets::Role::Muted : widgets::Role::Err);
    m_note->setToolTip(m_problem);
    if (!m_problem.isEmpty())
        m_note->setText(tr("Cannot count the values. %1").arg(m_problem));
    else if (m_asking && !m_slow->isActive())
        m_note->setText(tr("Counting…"));
    else if (!m_answered)
        m_note->setText({});
    else if (m_facets.complete)
        m_note->setText(tr("of %1 calls").arg(widgets::count(m_facets.calls)));
    else
        m_note->setText(tr("“+”: at least so many, counted in the newest calls"));
}

void FacetStrip::toggle(const QModelIndex &index, bool exclude)
{
    const QString field = index.data(FacetField).toString();
    if (!index.parent().isValid() || field.isEmpty())
        return;
    m_view->setFilterText(toggled(qt(m_view->filter().text()), field, index.data(FacetValueRole).toString(), exclude));
}

bool FacetStrip::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_tree->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        const QModelIndex index = m_tree->indexAt(mouse->position().toPoint());
        if (index.isValid() && !index.parent().isValid() && mouse->button() == Qt::LeftButton && mouse->position().x() > m_tree->indentation())
            m_tree->setExpanded(index, !m_tree->isExpanded(index));
        else if (index.isValid() && (mouse->button() == Qt::LeftButton || mouse->button() == Qt::RightButton))
            toggle(index, mouse->button() == Qt::RightButton || mouse->modifiers().testFlag(Qt::AltModifier));
    }
    if (watched == m_tree && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Space;
        if ((enter || key->key() == Qt::Key_Delete) && m_tree->currentIndex().isValid()) {
            const QModelIndex index = m_tree->currentIndex();
            if (!index.parent().isValid())
                m_tree->setExpanded(index, !m_tree->isExpanded(index));
            else
                toggle(index, !enter || key->modifiers().testFlag(Qt::AltModifier));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void FacetStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    painter.fillRect(rect(), c.surface);
    painter.fillRect(layoutDirection() == Qt::RightToLeft ? QRect(0, 0, 1, height()) : QRect(width() - 1, 0, 1, height()), c.line);
}

} // namespace ui::calls
