// Runs before anything is painted, so that nobody who has chosen dark colours sees light ones first.
import { keepTheme } from "./core/scheme";

keepTheme();
