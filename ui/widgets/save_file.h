// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>

class QImage;
class QPainter;
class QSize;
class QWidget;

/// Saving to a file of the user's choice. GUI thread; nothing waits for the dialog.
namespace ui::widgets {

/// What is offered to be saved.
struct SaveOffer
{
    QString title;  ///< of the dialog
    QString name;   ///< proposed, with its suffix: "cost.csv"
    QString filter; ///< "Tables (*.csv)"
};
SaveOffer pictureOffer(const QString &name); ///< of a name without suffix: PNG
SaveOffer drawingOffer(const QString &name); ///< SVG
SaveOffer tableOffer(const QString &name);   ///< CSV

/// Asks where; what gives up the dialog gives up the saving.
void askWhereToSave(QWidget *parent, const SaveOffer &offer, const std::function<void(const QString &path)> &chosen);

enum class Readers { Everyone, Owner };

/// Writes all or nothing: a file that was there stays as it is where that fails. Any thread.
/// @return in words for a person, why it cannot be written and what to do; empty: it is
QString writeWhole(const QString &path, const QByteArray &content, Readers readers = Readers::Everyone);
/// Likewise, for what is much: piece by piece, until one is empty.
QString writePieces(const QString &path, const std::function<QByteArray()> &next, Readers readers = Readers::Everyone);

/// Both. The content is made once the place is known.
/// @param told  is given the words, for a toast
void saveFile(QWidget *parent, const SaveOffer &offer, const std::function<QByteArray()> &content, const std::function<void(const QString &words)> &told);

QByteArray toPng(const QImage &image);
QByteArray toSvg(const QSize &size, const QString &title, const std::function<void(QPainter *)> &paint);

} // namespace ui::widgets
