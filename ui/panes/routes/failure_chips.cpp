// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/failure_chips.h"

#include "ui/bridge/text.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/proxy_style.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/theme_colors.h"

#include "gateway/config/names.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::routes {

namespace {

constexpr int chipHeight = 20, gap = 4, codeWidth = 64;

QStringList usual()
{
    QStringList items {u"408"_s, u"409"_s, u"425"_s, u"429"_s, u"5xx"_s};
    for (const std::string_view word : gateway::config::failureWords())
        items << bridge::qt(word);
    return items;
}

QString addText() { return FailureChips::tr("+ code"); }

QString shownAs(const QString &item)
{
    QString text = item;
    return text.replace(u'_', u' ');
}

} // namespace

FailureChips::FailureChips(const QString &name, QWidget *parent) : QWidget(parent), m_name(name), m_shown(usual())
{
    setFocusPolicy(Qt::StrongFocus);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    describe();
}

void FailureChips::setItems(const gateway::config::FailureSet &set)
{
    if (set == m_set)
        return;
    m_set = set;
    m_shown = usual();
    for (const std::string &item : set.items)
        if (!m_shown.contains(bridge::qt(item)))
            m_shown << bridge::qt(item);
    m_current = std::min(m_current, static_cast<int>(m_shown.size()) - 1);
    describe();
    fit();
}

/// As high as its chips need in this width.
void FailureChips::fit()
{
    setFixedHeight(heightForWidth(width()));
    updateGeometry();
    update();
}

void FailureChips::setEditable(bool editable)
{
    m_editable = editable;
    setFocusPolicy(editable ? Qt::StrongFocus : Qt::NoFocus);
    m_current = std::min(m_current, addIndex() - (editable ? 0 : 1));
    fit();
}

bool FailureChips::on(const QString &item) const { return std::ranges::find(m_set.items, bridge::utf8(item)) != m_set.items.end(); }

void FailureChips::describe()
{
    QStringList chosen;
    for (const std::string &item : m_set.items)
        chosen << bridge::qt(item);
    if (m_current == addIndex()) {
        setAccessibleName(m_name);
        setAccessibleDescription(tr("%1. At the end: Space adds a status code.").arg(chosen.join(u", "_s)));
        return;
    }
    const QString current = m_shown.value(m_current);
    setAccessibleName(m_name);
    setAccessibleDescription(tr("%1. At %2: %3. Space switches.").arg(chosen.join(u", "_s), current, on(current) ? tr("on") : tr("off")));
}

QList<QRect> FailureChips::rects(int width) const
{
    const QFontMetrics metrics(widgets::textFont(12, QFont::Medium));
    QList<QRect> all;
    int x = 0, y = 0;
    QStringList texts;
    for (const QString &item : m_shown)
        texts << shownAs(item);
    if (m_editable)
        texts << addText();
    for (const QString &text : texts) {
        const int w = metrics.horizontalAdvance(text) + 13;
        if (x > 0 && x + w > width) {
            x = 0;
            y += chipHeight + gap;
        }
        all << QRect(x, y, w, chipHeight);
        x += w + gap;
    }
    return all;
}

QRect FailureChips::addRect() const { return rects(width()).value(addIndex()); }
QRect FailureChips::chipRect(const QString &item) const { return rects(width()).value(m_shown.indexOf(item)); }

int FailureChips::heightForWidth(int width) const
{
    const QList<QRect> all = rects(width);
    return all.isEmpty() ? chipHeight : all.last().bottom() + 1;
}

QSize FailureChips::sizeHint() const { return {256, heightForWidth(width() > 60 ? width() : 256)}; }

void FailureChips::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        fit();
}

void FailureChips::paintEvent(QPaintEvent *)
{
    const widgets::ThemeColors &c = widgets::colorsOf(this);
    QPainter painter(this);
    const QList<QRect> all = rects(width());
    for (int i = 0; i < m_shown.size(); ++i) {
        const bool active = on(m_shown[i]);
        widgets::paintFrame(&painter, all[i], active ? c.selection : c.surface, active ? c.selection : c.line);
        painter.setFont(widgets::textFont(12, active ? QFont::Medium : QFont::Normal));
        painter.setPen(active ? c.accent : m_editable ? c.text : c.muted);
        painter.drawText(all[i], Qt::AlignCenter, shownAs(m_shown[i]));
        if (hasFocus() && i == m_current)
            widgets::paintFocusRing(&painter, all[i], c.accent);
    }
    if (!m_editable)
        return;
    painter.setFont(widgets::textFont(12));
    painter.setPen(c.accent);
    painter.drawText(all.last(), Qt::AlignCenter, addText());
    if (hasFocus() && m_current == addIndex())
        widgets::paintFocusRing(&painter, all.last(), c.accent);
}

void FailureChips::toggle(int index)
{
    if (!m_editable || index < 0 || index >= m_shown.size())
        return;
    m_current = index;
    const std::string item = bridge::utf8(m_shown[index]);
    if (on(m_shown[index]))
        std::erase(m_set.items, item);
    else
        m_set.items.push_back(item);
    describe();
    update();
    Q_EMIT changed();
}

/// A line over the last chip: what is typed there joins the set, where it is a code or word that the gateway knows.
void FailureChips::typeCode(const QString &begun)
{
    if (!m_editable || m_code)
        return;
    m_current = addIndex();
    m_code = new QLineEdit(this);
    m_code->setObjectName(u"routes.failureCode"_s);
    m_code->setAccessibleName(tr("%1: another status code").arg(m_name));
    m_code->setPlaceholderText(u"529"_s);
    m_code->setTextMargins(0, 0, 0, 0);
    m_code->setMaxLength(16);
    const QRect at = addRect();
    m_code->setGeometry(std::min(at.left(), std::max(0, width() - codeWidth)), at.top() - 2, codeWidth, chipHeight + 4);
    m_code->setText(begun);
    m_code->show();
    m_code->setFocus();
    connect(m_code, &QLineEdit::textEdited, m_code, [this] { widgets::setInvalid(m_code, {}); });
    connect(m_code, &QLineEdit::returnPressed, this, &FailureChips::takeCode);
    m_code->installEventFilter(this);
}

void FailureChips::takeCode()
{
    const QString code = m_code->text().trimmed().toLower();
    if (!code.isEmpty()) {
        if (const auto problem = gateway::config::failureItemProblem(bridge::utf8(code))) {
            widgets::setInvalid(m_code, bridge::qt(*problem));
            QToolTip::showText(m_code->mapToGlobal(QPoint(0, m_code->height())), bridge::qt(*problem), m_code);
            return;
        }
    }
    std::exchange(m_code, nullptr)->deleteLater();
    setFocus();
    if (code.isEmpty() || on(code))
        return;
    gateway::config::FailureSet wider = m_set;
    wider.items.push_back(bridge::utf8(code));
    setItems(wider);
    Q_EMIT changed();
}

/// Escape and leaving the line give up what was typed in it.
bool FailureChips::eventFilter(QObject *watched, QEvent *event)
{
    const bool escape = event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape;
    if (watched == m_code && (escape || event->type() == QEvent::FocusOut)) {
        std::exchange(m_code, nullptr)->deleteLater();
        if (escape)
            setFocus();
        update();
        return escape;
    }
    return QWidget::eventFilter(watched, event);
}

void FailureChips::mousePressEvent(QMouseEvent *event)
{
    const QList<QRect> all = rects(width());
    if (m_editable && addRect().contains(event->position().toPoint())) {
        typeCode();
        return;
    }
    for (int i = 0; i < all.size(); ++i)
        if (all[i].contains(event->position().toPoint()))
            toggle(i);
}

void FailureChips::keyPressEvent(QKeyEvent *event)
{
    const int last = addIndex() - (m_editable ? 0 : 1);
    switch (event->key()) {
    case Qt::Key_Left: m_current = std::max(0, m_current - 1); break;
    case Qt::Key_Right: m_current = std::min(last, m_current + 1); break;
    case Qt::Key_Home: m_current = 0; break;
    case Qt::Key_End: m_current = last; break;
    case Qt::Key_Space:
        if (m_current == addIndex())
            typeCode();
        else
            toggle(m_current);
        return;
    default:
        if (event->text().size() == 1 && event->text().front().isDigit())
            typeCode(event->text());
        else
            QWidget::keyPressEvent(event);
        return;
    }
    describe();
    update();
}

void FailureChips::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void FailureChips::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace ui::routes
