// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/dialog.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/proxy_style.h"

#include <QAbstractSpinBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QStyle>

namespace ui::widgets {
namespace {

/// Dims the window while a dialog is over it.
class Scrim final : public QWidget
{
public:
    explicit Scrim(QWidget *window) : QWidget(window)
    {
        setGeometry(window->rect());
        show();
        raise();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), colorsOf(this).shade);
    }
};

bool takesText(const QWidget *widget)
{
    const auto *line = qobject_cast<const QLineEdit *>(widget);
    const auto *text = qobject_cast<const QPlainTextEdit *>(widget);
    return (line && !line->isReadOnly()) || (text && !text->isReadOnly()) || qobject_cast<const QAbstractSpinBox *>(widget);
}

} // namespace

Dialog::Dialog(Icon icon, Role iconRole, const QString &title, QWidget *parent) :
    QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint), m_body(new QVBoxLayout), m_buttons(new QHBoxLayout), m_subtitle(new Label(Label::Kind::Secondary)),
    m_close(Button::iconOnly(Icon::Close, tr("Close"), this, Button::Kind::Flat)), m_icon(icon), m_iconRole(iconRole)
{
    setWindowTitle(title);
    setModal(true);
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(400);
    auto *heading = new Label(Label::Kind::Title, title);
    heading->setWordWrap(true);
    m_subtitle->setWordWrap(true);
    m_subtitle->hide();
    m_close->setSmall(true);
    const int indent = icon == Icon::None ? 0 : 32;
    auto *first = new QHBoxLayout;
    first->addSpacing(indent);
    first->addWidget(heading, 1);
    first->addWidget(m_close, 0, Qt::AlignTop);
    auto *second = new QHBoxLayout;
    second->addSpacing(indent);
    second->addWidget(m_subtitle, 1);
    m_body->setSpacing(8);
    m_buttons->setSpacing(8);
    m_buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(4);
    column->addLayout(first);
    column->addLayout(second);
    column->addSpacing(8);
    column->addLayout(m_body, 1);
    column->addSpacing(12);
    column->addLayout(m_buttons);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
}

void Dialog::setSubtitle(const QString &text)
{
    m_subtitle->setText(text);
    m_subtitle->setVisible(!text.isEmpty());
}

Button *Dialog::addButton(Button::Kind kind, const QString &text)
{
    auto *button = new Button(kind, Icon::None, text, this);
    m_buttons->addWidget(button);
    return button;
}

Button *Dialog::addLeftButton(Button::Kind kind, const QString &text)
{
    auto *button = new Button(kind, Icon::None, text, this);
    addLeftWidget(button);
    return button;
}

void Dialog::addLeftWidget(QWidget *widget)
{
    int index = 0;
    while (m_buttons->itemAt(index)->widget())
        ++index;
    m_buttons->insertWidget(index, widget);
}

void Dialog::setClosable(bool closable)
{
    m_closable = closable;
    m_close->setVisible(closable);
}

void Dialog::setFitting(bool fits) { m_fits = fits; }

bool Dialog::event(QEvent *event)
{
    const bool done = QDialog::event(event);
    if (m_fits && event->type() == QEvent::LayoutRequest && isVisible())
        takeSize(geometry().center());
    return done;
}

void Dialog::takeSize(const QPoint &middle)
{
    // Not adjustSize(): it stays within two thirds of the screen, and cuts text on small ones.
    const QSize wanted = sizeHint().expandedTo(minimumSize());
    resize(wanted.width(), layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(wanted.width()) : wanted.height());
    move(middle.x() - width() / 2, middle.y() - height() / 2);
}

void Dialog::showEvent(QShowEvent *event)
{
    if (parentWidget() && !m_scrim) { // shown again with the window that was minimised: it is there
        m_scrim = new Scrim(parentWidget()->window());
        const QRect window = parentWidget()->window()->geometry();
        takeSize(window.center());
    }
    if (!focusWidget())
        focusField();
    QDialog::showEvent(event);
}

void Dialog::focusField()
{
    // Else QDialog chooses the default button, as the cross comes first: what is typed is lost, and a space presses it.
    QWidget *first = nextInFocusChain();
    while (first != this && (first == m_close || !(first->focusPolicy() & Qt::TabFocus) || !first->isVisibleTo(this) || !first->isEnabled()))
        first = first->nextInFocusChain();
    if (takesText(first))
        first->setFocus(Qt::TabFocusReason);
}

void Dialog::hideEvent(QHideEvent *event)
{
    delete m_scrim;
    m_scrim = nullptr;
    QDialog::hideEvent(event);
}

void Dialog::paintEvent(QPaintEvent *)
{
    const ThemeColors &c = colorsOf(this);
    QPainter painter(this);
    painter.fillRect(rect(), c.surface);
    paintFrame(&painter, rect(), c.surface, c.control, 1);
    if (m_icon != Icon::None)
        paintIcon(&painter, m_icon, QStyle::visualRect(layoutDirection(), rect(), QRect(24, 22, 20, 20)), c.of(m_iconRole));
}

void Dialog::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !m_closable)
        return;
    QDialog::keyPressEvent(event);
}

ConfirmDialog::ConfirmDialog(const QString &title, const QString &consequence, const QString &confirmText, QWidget *parent) :
    Dialog(Icon::Warning, Role::Err, title, parent), m_effects(new QGridLayout)
{
    auto *words = new Label(Label::Kind::Body, consequence);
    words->setWordWrap(true);
    words->setContentsMargins(32, 0, 0, 0);
    m_effects->setContentsMargins(32, 4, 0, 0);
    m_effects->setHorizontalSpacing(16);
    m_effects->setVerticalSpacing(6);
    m_effects->setColumnStretch(1, 1);
    body()->addWidget(words);
    body()->addLayout(m_effects);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    auto *confirm = addButton(Button::Kind::Danger, confirmText);
    confirm->setObjectName(QStringLiteral("confirm.confirm"));
    cancel->setFocus(); // Enter does not destroy
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(confirm, &QPushButton::clicked, this, [this] {
        Q_EMIT confirmed();
        accept();
    });
}

void ConfirmDialog::addEffect(const QString &label, const QString &value)
{
    const int row = m_effects->rowCount();
    m_effects->addWidget(new Label(Label::Kind::Secondary, label), row, 0);
    auto *text = new Label(Label::Kind::Secondary, value);
    text->setRole(Role::Text);
    text->setWordWrap(true);
    m_effects->addWidget(text, row, 1);
}

} // namespace ui::widgets
