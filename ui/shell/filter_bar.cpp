// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/filter_bar.h"

#include "gateway/api/gateway.h"
#include "ui/bridge/text.h"
#include "ui/bridge/view_context.h"
#include "ui/widgets/button.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/filter_edit.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace ui::shell {

using widgets::Button;
using widgets::FilterEdit;
using widgets::Icon;

FilterBar::FilterBar(gateway::api::Gateway *gateway, bridge::ViewContext *view, QWidget *parent) :
    QWidget(parent), m_view(view), m_filter(new FilterEdit), m_saved(new Button(Icon::Bookmark, tr("Saved"))), m_menu(new QMenu(this)), m_row(new QHBoxLayout(this))
{
    setFixedHeight(44);
    m_filter->setObjectName(u"shell.filter"_s);
    m_filter->setKeyHint(u"Ctrl+F"_s);
    m_filter->setAccessibleName(tr("Filter"));
    m_saved->setObjectName(u"shell.saved"_s);
    m_saved->setTrailing(Icon::Down);
    m_row->setContentsMargins(16, 0, 12, 0);
    m_row->setSpacing(8);
    m_row->addWidget(m_filter, 1);
    m_row->addWidget(m_saved);

    m_filter->showFilter(bridge::qt(view->filter().text()));
    connect(m_filter, &FilterEdit::filterChanged, view, &bridge::ViewContext::setFilter);
    connect(view, &bridge::ViewContext::filterChanged, m_filter, [this] {
        m_filter->showFilter(bridge::qt(m_view->filter().text()));
        showSavedName();
    });
    connect(m_filter, &FilterEdit::valuesWanted, this, [this, gateway](const QString &field, const QString &prefix) {
        gateway->fieldValues(bridge::utf8(field), bridge::utf8(prefix), m_filter, [this, field, prefix](const auto &answer) {
            QList<FilterEdit::Value> values;
            if (answer)
                for (const gateway::api::FieldValue &value : *answer)
                    values.append({bridge::qt(value.value), value.calls});
            m_filter->offerValues(field, prefix, values);
        });
    });
    connect(m_saved, &QPushButton::clicked, this, [this] {
        fillSavedMenu();
        m_menu->popup(m_saved->mapToGlobal(QPoint(m_saved->width() - m_menu->sizeHint().width(), m_saved->height() + 2)));
    });
}

void FilterBar::setHint(const QString &hint) { m_filter->setHint(hint.section(u'`', 0, 0), hint.section(u'`', 1, 1)); }

void FilterBar::showExtras(const QString &pane, const QList<QWidget *> &widgets)
{
    m_extras.insert(pane, widgets);
    QWidget *before = m_saved; // Tab goes on along the bar, before it enters the pane
    for (QWidget *widget : widgets) {
        m_row->addWidget(widget);
        setTabOrder(before, widget);
        before = widget;
    }
    showExtras(pane);
}

void FilterBar::showExtras(const QString &pane)
{
    for (auto extra = m_extras.cbegin(); extra != m_extras.cend(); ++extra)
        for (QWidget *widget : *extra)
            widget->setVisible(extra.key() == pane);
}

void FilterBar::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void FilterBar::setSaved(const QList<Saved> &saved)
{
    m_savedFilters = saved;
    showSavedName();
}

void FilterBar::showSavedName()
{
    const QString text = bridge::qt(m_view->filter().text());
    QString name = tr("Saved");
    for (const Saved &saved : m_savedFilters)
        if (!text.isEmpty() && saved.text == text)
            name = saved.name;
    m_saved->setText(name);
    m_saved->updateGeometry();
}

void FilterBar::fillSavedMenu()
{
    m_menu->clear();
    const QString current = bridge::qt(m_view->filter().text());
    for (const Saved &saved : std::as_const(m_savedFilters)) {
        QAction *action = m_menu->addAction(saved.name + u'\t' + saved.text);
        connect(action, &QAction::triggered, m_view, [this, saved] { m_view->setFilterText(saved.text); });
    }
    if (!m_savedFilters.isEmpty())
        m_menu->addSeparator();
    QAction *save = m_menu->addAction(widgets::themedIcon(Icon::Plus), tr("Save this filter…"));
    save->setEnabled(!current.isEmpty());
    connect(save, &QAction::triggered, this, [this, current] {
        auto *dialog = new widgets::Dialog(Icon::Bookmark, widgets::Role::Accent, tr("Save this filter"), this);
        dialog->setSubtitle(current);
        auto *name = new QLineEdit;
        name->setPlaceholderText(tr("Name, for example Failures and rescues"));
        dialog->body()->addWidget(name);
        connect(dialog->addButton(Button::Kind::Plain, tr("Cancel")), &QPushButton::clicked, dialog, &QDialog::reject);
        auto *ok = dialog->addButton(Button::Kind::Primary, tr("Save"));
        ok->setEnabled(false);
        connect(name, &QLineEdit::textChanged, ok, [ok](const QString &text) { ok->setEnabled(!text.trimmed().isEmpty()); });
        connect(ok, &QPushButton::clicked, this, [this, dialog, name, current] {
            m_savedFilters.append({name->text().trimmed(), current});
            showSavedName();
            Q_EMIT savedChanged();
            dialog->accept();
        });
        connect(name, &QLineEdit::returnPressed, ok, &QPushButton::click);
        dialog->open();
        name->setFocus();
    });
    for (qsizetype i = 0; i < m_savedFilters.size(); ++i)
        if (m_savedFilters.at(i).text == current && !current.isEmpty())
            connect(m_menu->addAction(widgets::themedIcon(Icon::Trash), tr("Remove “%1”").arg(m_savedFilters.at(i).name)), &QAction::triggered, this, [this, i] {
                m_savedFilters.removeAt(i);
                showSavedName();
                Q_EMIT savedChanged();
            });
    QAction *clear = m_menu->addAction(widgets::themedIcon(Icon::Close), tr("Clear filter"));
    clear->setEnabled(!current.isEmpty());
    connect(clear, &QAction::triggered, m_view, [this] { m_view->setFilterText({}); });
}

void FilterBar::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    painter.fillRect(rect(), c.surface);
    painter.fillRect(0, height() - 1, width(), 1, c.line);
}

} // namespace ui::shell
